import { closeSync, openSync, writeFileSync } from 'node:fs';

const gathered = 1024 * 1024;

/** A file that is written from front to end in large pieces, whatever the size of the texts. */
export class TextFile {
  private readonly file: number;
  private texts: string[] = [];
  private length = 0;

  constructor(path: string, beginning: string) {
    this.file = openSync(path, 'w');
    this.write(beginning);
  }

  write(text: string): void {
    this.texts.push(text);
    this.length += text.length;
    if (this.length >= gathered) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    writeFileSync(this.file, this.texts.join(''));
    this.texts = [];
    this.length = 0;
  }
}
