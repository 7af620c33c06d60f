import { connect } from 'node:net';
import { eventually, type TestS3, testS3 } from '@countinghouse/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { admin, bearer, type RunningGateway, startGateway } from './outside.js';

let s3: TestS3;
let gateway: RunningGateway;

beforeAll(async () => {
  s3 = await testS3();
  Object.assign(process.env, s3.credentials);
  gateway = await startGateway({ STORAGE_URL: s3.url });
  await gateway.app.listen(0, '127.0.0.1');
});
afterAll(async () => {
  await gateway.stop();
  await s3.stop();
});

it('a caller whose large file finds no room can read that, and go on with the connection', async () => {
  s3.interfere(({ method }, response) => {
    if (method !== 'PUT') return false;
    response.writeHead(507).end('<Error><Code>InsufficientStorage</Code></Error>');
    return true;
  });
  const { port } = new URL(await gateway.app.getUrl());
  const socket = connect(Number(port), '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  const { authorization } = await bearer(admin);
  socket.write(
    `POST /royalties/statements?distributor=KONTOR&reportingMonth=202508 HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-length: 40000000\r\n\r\n`,
  );
  socket.write(Buffer.alloc(30_000_000, 'x'));
  await eventually(() => expect(received).toContain('HTTP/1.1 507'));
  socket.write(Buffer.alloc(10_000_000, 'x'));
  socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
  await eventually(() => expect(received).toContain('HTTP/1.1 200'));
  socket.destroy();
});
