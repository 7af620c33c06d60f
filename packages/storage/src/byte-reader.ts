/** Reads the head of a byte stream in pieces of our own size, and then the rest as it comes. */
export class ByteReader {
  private readonly source: AsyncIterator<Uint8Array>;
  private head = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, fewer only at the end; they stay to be read. */
  async peek(length: number): Promise<Buffer> {
    while (this.head.length < length) {
      const { done, value } = await this.source.next();
      if (done) break;
      this.head = Buffer.concat([this.head, value]);
    }
    return this.head.subarray(0, length);
  }

  async skip(length: number): Promise<void> {
    await this.peek(length);
    this.head = this.head.subarray(length);
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    if (this.head.length > 0) yield this.head;
    yield* { [Symbol.asyncIterator]: () => this.source };
  }
}
