import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { downloadHeaders } from './download-headers.js';
import { piecesOf, writeWhole } from './durable-file.js';
import { forEach } from './for-each.js';
import {
  assertKey,
  isThere,
  type LocalCopy,
  type LocalFile,
  type ObjectStorage,
  storageUnavailable,
} from './object-storage.js';
import { refusalOf, whyNotUsable } from './s3-errors.js';
import type { S3Location } from './storage-url.js';

const agent = { maxSockets: 256 };

/**
 * Whatever the store does, a call ends: after three attempts, each without a sign of life for no longer than this. A
 * store that copies the parts of 5 GiB together may be silent for half a minute.
 */
const patience: S3ClientConfig = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000, httpAgent: agent, httpsAgent: agent },
};

/** Objects in a bucket. An upload shows when it is complete, as S3 has it. */
export class S3Storage implements ObjectStorage {
  private readonly client: S3Client;
  private readonly signer: S3Client;

  private constructor(
    private readonly location: S3Location,
    private readonly workDir: string,
  ) {
    const { region, forcePathStyle, endpoint, publicEndpoint = endpoint } = location;
    const clientFor = (address: string | undefined, more: S3ClientConfig) =>
      new S3Client({ region, forcePathStyle, ...(address && { endpoint: address }), ...more });
    this.client = clientFor(endpoint, patience);
    this.signer = clientFor(publicEndpoint, { responseChecksumValidation: 'WHEN_REQUIRED' });
  }

  /**
   * A store that cannot be reached may be there later; one that knows no such bucket or credentials will not be.
   *
   * @param workDir where local copies lie
   * @throws Error that says what is wrong with `STORAGE_URL` or the credentials
   */
  static async open(location: S3Location, workDir = join(tmpdir(), 'countinghouse')): Promise<S3Storage> {
    const storage = new S3Storage(location, workDir);
    try {
      const briefly = { abortSignal: AbortSignal.timeout(5_000) };
      await storage.client.send(new HeadBucketCommand({ Bucket: location.bucket }), briefly);
    } catch (error) {
      const why = whyNotUsable(error, location.bucket);
      if (why) throw new Error(why, { cause: error });
    }
    return storage;
  }

  async put(key: string, content: Readable | Uint8Array): Promise<{ bytes: number }> {
    const target = this.at(key);
    let bytes = 0;
    async function* counted() {
      for await (const piece of piecesOf(content)) {
        bytes += Buffer.byteLength(piece);
        yield piece;
      }
    }
    try {
      const params = { ...target, Body: Readable.from(counted(), { objectMode: false }) };
      // Four parts of 5 MiB at a time, and at most 10,000 of them: 20 MiB of memory, and objects of up to 48 GiB.
      await new Upload({ client: this.client, params }).done();
    } catch (error) {
      throw brokeOff(content) ? (content.errored ?? error) : refusalOf(error, key);
    }
    return { bytes };
  }

  async putFile(key: string, path: string): Promise<void> {
    assertKey(key);
    const file = await open(path);
    try {
      await this.put(key, file.createReadStream());
      await rm(path);
    } finally {
      await file.close();
    }
  }

  putFiles(files: readonly LocalFile[]): Promise<void> {
    return forEach(files, ({ key, path }) => this.putFile(key, path));
  }

  async open(key: string): Promise<{ stream: Readable; bytes: number }> {
    const command = new GetObjectCommand(this.at(key));
    const { Body, ContentLength } = await this.client.send(command).catch(refuse(key));
    return { stream: Body as Readable, bytes: ContentLength as number };
  }

  exists(key: string): Promise<boolean> {
    return isThere(this.client.send(new HeadObjectCommand(this.at(key))).catch(refuse(key)));
  }

  async delete(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.at(key))).catch(refuse(key));
  }

  async *list(folder: string): AsyncGenerator<string> {
    const { Bucket, Key } = this.at(folder);
    const inBucket = Key.length - folder.length;
    try {
      for await (const page of paginateListObjectsV2({ client: this.client }, { Bucket, Prefix: `${Key}/` })) {
        for (const object of page.Contents ?? []) yield (object.Key as string).slice(inBucket);
      }
    } catch (error) {
      throw refusalOf(error, folder);
    }
  }

  async localCopy(key: string): Promise<LocalCopy> {
    const { stream, bytes } = await this.open(key);
    await mkdir(this.workDir, { recursive: true, mode: 0o700 });
    const path = join(this.workDir, `${randomUUID()}-${basename(key)}`);
    const release = () => rm(path, { force: true });
    try {
      const written = await writeWhole(path, received(stream));
      if (written !== bytes) throw storageUnavailable(new Error(`${key}: ${written} of ${bytes} bytes came`));
      return { path, release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  async sign(key: string, { expiresInSeconds, now }: { expiresInSeconds: number; now: Date }): Promise<string> {
    const headers = downloadHeaders(basename(key));
    const command = new GetObjectCommand({
      ...this.at(key),
      ResponseContentType: headers['content-type'],
      ResponseContentDisposition: headers['content-disposition'],
    });
    return getSignedUrl(this.signer, command, { expiresIn: expiresInSeconds, signingDate: now }).catch(refuse(key));
  }

  /** The store serves its own addresses. */
  verify(): null {
    return null;
  }

  private at(key: string): { Bucket: string; Key: string } {
    assertKey(key);
    const { bucket, prefix } = this.location;
    return { Bucket: bucket, Key: prefix ? `${prefix}/${key}` : key };
  }
}

/** Whether a content failed by itself, and not in being stored. */
const brokeOff = (content: Readable | Uint8Array): content is Readable =>
  content instanceof Readable && content.destroyed && !content.readableEnded;

const refuse = (key: string) => (error: unknown) => {
  throw refusalOf(error, key);
};

/** The bytes of an answer; one that breaks off says that the store went away. */
async function* received(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw storageUnavailable(error);
  }
}
