import { describe, expect, it } from '@jest/globals';
import { multipartFile } from './multipart-file.js';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (body: string, size = 10): Promise<string> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of multipartFile(inPieces(body, size), 'xyz', 'file')) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const part = (name: string, content: string) =>
  `--xyz\r\nContent-Disposition: form-data; name="${name}"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n${content}\r\n`;

describe('the file of a multipart body', () => {
  const content = 'Größe;1\r\n--xy\r\n-\r\n\r\n--';

  it.each([1, 2, 3, 5, 7, 11, 64, 10_000])('is the same however the body is cut, here every %d bytes', async (size) => {
    expect(await read(`${part('file', content)}--xyz--\r\n`, size)).toBe(content);
  });

  it('may be empty', async () => {
    expect(await read(`${part('file', '')}--xyz--`)).toBe('');
  });

  it('comes after a preamble and before an epilogue, which mean nothing', async () => {
    expect(await read(`a preamble\r\n${part('file', 'x')}--xyz--\r\nan epilogue`)).toBe('x');
  });

  it('is found by a name without quotes', async () => {
    expect(await read('--xyz\r\ncontent-disposition: form-data; name=file\r\n\r\nx\r\n--xyz--')).toBe('x');
  });

  it.each([
    ['another field', `${part('statement', 'x')}--xyz--`, 'the field file, not "statement"'],
    ['no name', '--xyz\r\nContent-Type: text/csv\r\n\r\nx\r\n--xyz--', 'the field file, not ""'],
    ['a second field', `${part('file', 'x')}${part('note', 'y')}--xyz--`, 'the field file and nothing else'],
    ['no end', part('file', 'x'), 'cut short'],
    ['no part', 'x', 'cut short'],
    ['nothing', '', 'cut short'],
    ['an endless head', `--xyz\r\n${'a'.repeat(20_000)}`, 'too long'],
  ])('is refused with %s', async (_, body, complaint) => {
    await expect(read(body)).rejects.toThrow(complaint);
  });
});
