/** A set of line numbers that takes one bit for each line up to the last one in it. */
export class LineSet {
  private bits = new Uint8Array(1024);

  add(line: number): void {
    const at = Math.floor(line / 8);
    if (at >= this.bits.length) {
      const larger = new Uint8Array(2 * at);
      larger.set(this.bits);
      this.bits = larger;
    }
    this.bits[at]! |= 1 << (line % 8);
  }

  has(line: number): boolean {
    return ((this.bits[Math.floor(line / 8)] ?? 0) & (1 << (line % 8))) !== 0;
  }
}
