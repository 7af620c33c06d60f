import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type S3rver from 's3rver';

const bucket = 'test-bucket';
/** The one account that s3rver has; for a whole product, as environment. */
const credentials = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

export interface TestS3 {
  /** As `STORAGE_URL`, with `credentials` as environment. */
  url: string;
  credentials: Record<string, string>;
  /** Folders of multipart uploads that are neither complete nor aborted. */
  unfinished(): Promise<string[]>;
  /** Drops all connections and takes no new ones. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** From now on answers these requests itself, when it returns true. */
  interfere(answer: (...request: Parameters<RequestListener>) => boolean): void;
  stop(): Promise<void>;
}

/** An S3 store of its own with an empty bucket: s3rver, and what it leaves out, which is to check, to abort and to list. */
export const testS3 = async (): Promise<TestS3> => {
  const { default: S3rver } = await import('s3rver');
  const directory = await mkdtemp(join(tmpdir(), 'countinghouse-s3-'));
  const s3rver = new S3rver({ directory, silent: true, configureBuckets: [{ name: bucket }] });
  await s3rver.configureBuckets();
  const uploads = join(directory, bucket, '._S3rver_uploads');
  let interfere: Parameters<TestS3['interfere']>[0] = () => false;
  const answer: RequestListener = (request, response) => {
    if (interfere(request, response)) return;
    const { searchParams } = new URL(request.url ?? '', 'http://s3');
    const upload = searchParams.get('uploadId');
    if (searchParams.has('X-Amz-Signature') && !isSigned(request)) {
      response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
    } else if (request.method === 'DELETE' && upload) {
      void rm(join(uploads, upload), { recursive: true, force: true }).then(() => response.writeHead(204).end());
    } else if (searchParams.get('list-type') === '2') {
      void listed(s3rver, searchParams).then((xml) => response.writeHead(200).end(xml));
    } else s3rver.callback()(request, response);
  };

  let server: Server;
  let port = 0;
  const start = async () => {
    server = createServer(answer).listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const kill = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await start();
  return {
    url: `s3://${bucket}?endpoint=http://127.0.0.1:${port}`,
    credentials,
    unfinished: () => readdir(uploads).catch(() => []),
    kill,
    start,
    interfere: (next) => (interfere = next),
    stop: () => kill().then(() => rm(directory, { recursive: true, force: true })),
  };
};

/** The answer to `ListObjectsV2`; s3rver would make its tokens with a cipher that OpenSSL has given up. */
const listed = async ({ store }: S3rver, asked: URLSearchParams): Promise<string> => {
  const { objects } = await store.listObjects(bucket, { prefix: asked.get('prefix') ?? '' });
  const last = asked.get('continuation-token') ?? '';
  const keys = objects.map(({ key }) => key).filter((key) => key > last);
  const page = keys.toSorted().slice(0, 1_000);
  const next = page.length < keys.length ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  return `<ListBucketResult>${next}${page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`;
};

/** Whether the query of an address is what was signed (AWS Signature Version 4, "Authenticating Requests: Using Query Parameters"). */
const isSigned = ({ method, url = '', headers }: IncomingMessage): boolean => {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  const credential = parameters.get('X-Amz-Credential') ?? '';
  const [, ...scope] = credential.split('/');
  const signed = query.split('&').filter((parameter) => !parameter.startsWith('X-Amz-Signature='));
  const canonical = [method, path, signed.toSorted().join('&'), `host:${headers.host}\n`, 'host', 'UNSIGNED-PAYLOAD'];
  const digest = createHash('sha256').update(canonical.join('\n')).digest('hex');
  const text = ['AWS4-HMAC-SHA256', parameters.get('X-Amz-Date'), scope.join('/'), digest].join('\n');
  const hmac = (key: Buffer | string, part: string) => createHmac('sha256', key).update(part).digest();
  const key = scope.reduce<Buffer | string>(hmac, `AWS4${credentials.AWS_SECRET_ACCESS_KEY}`);
  return hmac(key, text).toString('hex') === parameters.get('X-Amz-Signature');
};
