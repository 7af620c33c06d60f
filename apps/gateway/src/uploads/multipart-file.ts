import { DomainError } from '@countinghouse/contracts';

const maxHeaderBytes = 8 * 1024;
const lineEnd = Buffer.from('\r\n');
const headerEnd = Buffer.from('\r\n\r\n');

/**
 * The one file in a `multipart/form-data` body (RFC 7578), as it comes in; nothing of it is kept.
 *
 * @param boundary as the content type gives it
 * @throws DomainError `bad_request` for a body that holds anything else than the one field, or is cut short
 */
export async function* multipartFile(
  body: AsyncIterable<Uint8Array>,
  boundary: string,
  fieldName: string,
): AsyncGenerator<Uint8Array> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter may stand at the very beginning, without the line break that belongs to it.
  const bytes = new PartReader(body, lineEnd);
  try {
    for await (const _ of bytes.until(delimiter)); // a preamble means nothing
    await expectField(bytes, fieldName);
    yield* bytes.until(delimiter);
    if ((await bytes.take(2)) !== '--') throw malformed(`it must hold the field ${fieldName} and nothing else`);
    await bytes.discardRest();
  } finally {
    await bytes.close();
  }
}

async function expectField(bytes: PartReader, fieldName: string): Promise<void> {
  let headers = '';
  for await (const chunk of bytes.until(headerEnd)) {
    headers += chunk.toString();
    if (headers.length > maxHeaderBytes) throw malformed('the head of its part is too long');
  }
  const [, name] = /^content-disposition:[^\r\n]*;\s*name="?([^";\r\n]*)"?/im.exec(headers) ?? [];
  if (name !== fieldName) throw malformed(`it must hold the field ${fieldName}, not ${JSON.stringify(name ?? '')}`);
}

/** Reads up to a delimiter that may be spread over the pieces in which a body arrives. */
class PartReader {
  private readonly source: AsyncIterator<Uint8Array>;

  constructor(
    body: AsyncIterable<Uint8Array>,
    private held: Buffer,
  ) {
    this.source = body[Symbol.asyncIterator]();
  }

  /** What comes before the delimiter, which is consumed. */
  async *until(delimiter: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = this.held.indexOf(delimiter);
      if (at >= 0) {
        if (at > 0) yield this.held.subarray(0, at);
        this.held = this.held.subarray(at + delimiter.length);
        return;
      }
      const safe = this.held.length - delimiter.length + 1;
      if (safe > 0) {
        yield this.held.subarray(0, safe);
        this.held = this.held.subarray(safe);
      }
      await this.readMore();
    }
  }

  async take(length: number): Promise<string> {
    while (this.held.length < length) await this.readMore();
    const taken = this.held.subarray(0, length).toString('latin1');
    this.held = this.held.subarray(length);
    return taken;
  }

  async discardRest(): Promise<void> {
    while (!(await this.source.next()).done);
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }

  private async readMore(): Promise<void> {
    const { done, value } = await this.source.next();
    if (done) throw malformed('it is cut short');
    this.held = this.held.length === 0 ? Buffer.from(value) : Buffer.concat([this.held, value]);
  }
}

const malformed = (why: string) => new DomainError('bad_request', `The multipart body cannot be read: ${why}`);
