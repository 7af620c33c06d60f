import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { DomainError, type RegisterStatement, royalties } from '@countinghouse/contracts';
import { eventually } from '@countinghouse/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { admin, bearer, type RunningGateway, startGateway } from './outside.js';

let gateway: RunningGateway;
let url: string;
let headers: Record<string, string>;
let duplicate: boolean;

beforeAll(async () => {
  gateway = await startGateway({ MAX_UPLOAD_BYTES: '2000000', MAX_UNPACKED_BYTES: '3000000' });
  await gateway.app.listen(0, '127.0.0.1');
  url = `${await gateway.app.getUrl()}/royalties/statements?distributor=KONTOR&reportingMonth=202508`;
});
beforeEach(async () => {
  headers = await bearer(admin);
  duplicate = false;
  gateway.services.replayed = false;
  gateway.services.asked.length = 0;
  gateway.services.answer(royalties.registerStatement, ({ distributor, reportingMonth, sha256, bytes }) => {
    return { id: 12, distributor, reportingMonth, state: 'received', sha256, bytes, duplicate };
  });
});
afterAll(() => gateway.stop());

const statement = Buffer.from('Sales Period;Store;Royalties\r\n202508;Beatport;12,0034\r\n'.repeat(10_000));
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

const upload = (body: RequestInit['body'], more: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers: { ...headers, ...more }, body, duplex: 'half' });
const registered = () => gateway.services.last?.request as RegisterStatement;
const storedFiles = async () => {
  const files = await readdir(gateway.storageFolder, { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
};
const multipart = (field: string, content: Buffer) => {
  const form = new FormData();
  form.set(field, new Blob([content]), 'kontor.csv');
  return form;
};

describe('an uploaded statement', () => {
  it('is stored as it is, and royalties is told where', async () => {
    const answer = await upload(statement, { 'content-type': 'text/csv' });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({
      id: 12,
      distributor: 'KONTOR',
      reportingMonth: '202508',
      state: 'received',
      sha256: sha256(statement),
      bytes: statement.length,
      duplicate: false,
    });
    const { storageKey, ...rest } = registered();
    expect(storageKey).toMatch(/^1\/uploads\/royalties\/[0-9a-f-]{36}$/);
    expect(rest).toEqual({
      distributor: 'KONTOR',
      reportingMonth: '202508',
      sha256: sha256(statement),
      bytes: statement.length,
    });
    expect((await readFile(join(gateway.storageFolder, storageKey))).equals(statement)).toBe(true);
  });

  it.each<[string, () => Promise<Response>, Buffer]>([
    ['as the field of a form', () => upload(multipart('file', statement)), statement],
    ['without a content type', () => upload(statement), statement],
    [
      'as what a command line calls it',
      () => upload(statement, { 'content-type': 'application/x-www-form-urlencoded' }),
      statement,
    ],
    ['as JSON, which it is not', () => upload(statement, { 'content-type': 'application/json' }), statement],
    ['gzip-encoded', () => upload(gzipSync(statement), { 'content-encoding': 'gzip' }), statement],
    ['packed with gzip', () => upload(gzipSync(statement)), gzipSync(statement)],
    ['packed with gzip in a form', () => upload(multipart('file', gzipSync(statement))), gzipSync(statement)],
    [
      'packed twice, once for the way',
      () => upload(gzipSync(gzipSync(statement)), { 'content-encoding': 'gzip' }),
      gzipSync(statement),
    ],
  ])('is the same file when it comes %s', async (_, send, stored) => {
    expect((await send()).status).toBe(202);
    expect(registered().sha256).toBe(sha256(statement));
    expect((await readFile(join(gateway.storageFolder, registered().storageKey))).equals(stored)).toBe(true);
  });

  it('may be of the largest size, and not a byte larger', async () => {
    expect((await upload(Buffer.alloc(2_000_000, 'x'))).status).toBe(202);
    const before = await storedFiles();
    expect((await upload(Buffer.alloc(2_000_001, 'x'))).status).toBe(413);
    const unannounced = new ReadableStream({ pull: (stream) => stream.enqueue(Buffer.alloc(100_000, 'x')) });
    expect((await upload(unannounced)).status).toBe(413);
    expect((await upload(multipart('file', Buffer.alloc(2_000_001, 'x')))).status).toBe(413);
    expect(await storedFiles()).toEqual(before);
  });

  it('may not unpack to more than there is room for', async () => {
    const before = await storedFiles();
    const bomb = gzipSync(Buffer.alloc(3_000_001));
    expect((await upload(bomb)).status).toBe(413);
    expect((await upload(bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
    expect(await storedFiles()).toEqual(before);
  });

  it.each<[string, () => Promise<Response>, string]>([
    ['nothing', () => upload(''), 'it is empty'],
    ['another field', () => upload(multipart('statement', statement)), 'the field file'],
    ['a damaged archive', () => upload(gzipSync(statement).subarray(0, 100)), 'damaged or cut short'],
    ['an encoding that it has not', () => upload(statement, { 'content-encoding': 'gzip' }), 'is not gzip'],
  ])('is refused and not kept with %s', async (_, send, complaint) => {
    const before = await storedFiles();
    const answer = await send();
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { message: string }).message).toContain(complaint);
    expect(await storedFiles()).toEqual(before);
    expect(gateway.services.asked).toEqual([]);
  });

  it('is not read when its parameters are wrong', async () => {
    const answer = await fetch(url.replace('202508', '2025-08'), { method: 'POST', headers, body: statement });
    expect(await answer.json()).toMatchObject({ statusCode: 400, details: [{ field: 'reportingMonth' }] });
  });

  it.each(['storageKey', 'sha256', 'bytes'])('cannot say %s itself', async (field) => {
    const answer = await fetch(`${url}&${field}=1`, { method: 'POST', headers, body: statement });
    expect(await answer.json()).toMatchObject({ statusCode: 400, details: [{ field }] });
  });

  it('that is here already is 200 and not kept twice', async () => {
    duplicate = true;
    const before = await storedFiles();
    const answer = await upload(statement);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ duplicate: true });
    expect(await storedFiles()).toEqual(before);
  });

  it('is the same write to an idempotency key only with the same file and parameters', async () => {
    const key = { 'idempotency-key': 'k-1' };
    const hashes: (string | undefined)[] = [];
    for (const body of [statement, gzipSync(statement), Buffer.from('another')]) {
      await upload(body, key);
      hashes.push(gateway.services.last?.call.idempotency?.bodyHash);
    }
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });

  it('that was taken before under its idempotency key is answered again and not kept twice', async () => {
    gateway.services.replayed = true;
    const before = await storedFiles();
    const answer = await upload(statement, { 'idempotency-key': 'k-1' });
    expect(answer.status).toBe(202);
    expect(answer.headers.get('idempotency-replayed')).toBe('true');
    expect(await storedFiles()).toEqual(before);
  });

  it('that royalties refuses is not kept; what it may have heard is', async () => {
    const before = await storedFiles();
    gateway.services.answer(royalties.registerStatement, () => {
      throw new DomainError('conflict', 'There is a statement for this month already: 11');
    });
    expect((await upload(statement)).status).toBe(409);
    expect(await storedFiles()).toEqual(before);
    gateway.services.answer(royalties.registerStatement, () => {
      throw new DomainError('deadline_exceeded', 'royalties did not answer in time');
    });
    expect((await upload(statement)).status).toBe(504);
    expect(await storedFiles()).toHaveLength(before.length + 1);
  });

  it('whose connection drops leaves nothing behind', async () => {
    const before = await storedFiles();
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    const { pathname, search } = new URL(url);
    socket.write(
      `POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\nauthorization: ${headers.authorization}\r\ncontent-length: 1000000\r\n\r\n`,
    );
    socket.write(statement.subarray(0, 300_000));
    await eventually(async () => expect(await storedFiles()).toHaveLength(before.length + 1));
    socket.destroy();
    await eventually(async () => expect(await storedFiles()).toEqual(before));
    expect(gateway.services.asked).toEqual([]);
  });
});

describe('a caller who is refused while they send', () => {
  it.each<[string, number, Record<string, string>]>([
    ['without a token', 401, { authorization: '' }],
    ['with an encoding that is not accepted', 415, { 'content-encoding': 'br' }],
  ])('%s can read the answer, and go on with the connection', async (_, statusCode, more) => {
    const { port, pathname, search } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    const head = Object.entries({ ...headers, ...more, 'content-length': '1900000' });
    socket.write(
      `POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\n${head.map((entry) => entry.join(': ')).join('\r\n')}\r\n\r\n`,
    );
    await eventually(() => expect(received).toContain(`HTTP/1.1 ${statusCode}`));
    for (let sent = 0; sent < 1_900_000; sent += 100_000) {
      socket.write(Buffer.alloc(100_000));
      await delay(1);
    }
    socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    await eventually(() => expect(received).toContain('HTTP/1.1 200'));
    socket.destroy();
  });
});

describe('a caller who asks before sending', () => {
  const ask = (more: Record<string, string>) => {
    const { port, pathname, search } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    const head = { ...headers, ...more, expect: '100-continue', 'content-length': '3' };
    const lines = Object.entries(head).map((entry) => entry.join(': '));
    socket.write(`POST ${pathname}${search} HTTP/1.1\r\nhost: x\r\n${lines.join('\r\n')}\r\n\r\n`);
    const answer = { text: '', socket };
    socket.setEncoding('utf8').on('data', (text: string) => (answer.text += text));
    return answer;
  };

  it('is told to go on when they may', async () => {
    const answer = ask({});
    await eventually(() => expect(answer.text).toBe('HTTP/1.1 100 Continue\r\n\r\n'));
    answer.socket.write('a;b');
    await eventually(() => expect(answer.text).toContain('HTTP/1.1 202'));
    answer.socket.destroy();
  });

  it('need not send what would be refused', async () => {
    const answer = ask({ authorization: 'Bearer a.b.c' });
    await eventually(() => expect(answer.text).toMatch(/^HTTP\/1.1 401/));
    answer.socket.destroy();
  });
});

describe('bytes that are no request', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['two lengths', 'POST /auth/login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', 400],
    [
      'a length and pieces',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
    ],
    ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('are refused in the one shape: %s', async (_, bytes, statusCode) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(bytes);
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const [head, body] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${statusCode}`);
    expect(JSON.parse(body!)).toEqual({
      statusCode,
      message: expect.any(String),
      error: expect.any(String),
      requestId: expect.any(String),
    });
  });
});
