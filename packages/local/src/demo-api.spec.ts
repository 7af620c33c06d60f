import { afterEach, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { apiAt, loginAt } from './demo-api.js';

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => unknown): Promise<string> => {
  server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

it('repeats a call with the same key and body while the platform is busy', async () => {
  const seen: [string | undefined, string][] = [];
  const url = await serve(async (request, response) => {
    seen.push([request.headers['idempotency-key'] as string, await text(request)]);
    if (seen.length < 3) response.writeHead(503, { 'retry-after': '0' }).end();
    else response.writeHead(201).end('{"id":1}');
  });
  const body = new Blob(['a;b\n']);
  await expect(apiAt(url)('/x', { body, idempotencyKey: 'once' })).resolves.toEqual({ id: 1 });
  expect(seen).toEqual([1, 2, 3].map(() => ['once', 'a;b\n']));
});

it('says what a refused call answered', async () => {
  const url = await serve((_request, response) => response.writeHead(409).end('{"message":"taken"}'));
  await expect(apiAt(url)('/user', { body: {} })).rejects.toThrow('/user answered 409: {"message":"taken"}');
});

it('keeps amounts as they were written, and counts as numbers', async () => {
  const url = await serve((_request, response) =>
    response.end('{"net":12345678901234.10000000001,"lines":3,"zero":0}'),
  );
  await expect(apiAt(url)('/x')).resolves.toEqual({ net: '12345678901234.10000000001', lines: 3, zero: 0 });
});

it('calls with the token of the login', async () => {
  const url = await serve((request, response) =>
    response.end(JSON.stringify({ access_token: 'secret', sent: request.headers.authorization ?? null })),
  );
  const api = await loginAt(url, { email: 'ada@label.example', password: 'long enough' });
  await expect(api('/x')).resolves.toMatchObject({ sent: 'Bearer secret' });
});
