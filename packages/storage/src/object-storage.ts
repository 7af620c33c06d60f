import { DomainError } from '@countinghouse/contracts';
import type { Readable } from 'node:stream';

/**
 * Where files live: whole objects under opaque keys such as `statements/12/kontor.csv`. Nothing is renamed or appended
 * to, so that a disk and S3 can do it alike. Writing a key again replaces the object.
 *
 * What the storage itself fails in is a `DomainError`: `insufficient_storage` when it is full, and nothing was stored;
 * `unavailable` when it cannot be reached, or will not have us.
 */
export interface ObjectStorage {
  /**
   * Stores the whole content, or nothing when it breaks off. A stream that could not be stored is left open: it may be
   * an HTTP request that still wants its answer.
   */
  put(key: string, content: Readable | Uint8Array): Promise<{ bytes: number }>;

  /** Stores a local file, which is gone afterwards. */
  putFile(key: string, path: string): Promise<void>;

  /** Stores many local files at less cost than one by one. When it fails, some of them may be stored. */
  putFiles(files: readonly LocalFile[]): Promise<void>;

  /** @throws ObjectMissing */
  open(key: string): Promise<{ stream: Readable; bytes: number }>;

  exists(key: string): Promise<boolean>;

  /** Deleting what is not there is fine. */
  delete(key: string): Promise<void>;

  /** The keys of all objects that are `<folder>/…`, in no certain order; what is put or deleted meanwhile may be missing. */
  list(folder: string): AsyncIterable<string>;

  /**
   * The object as a local file, for readers that need a path. Only to be read, and to be released when done.
   *
   * @throws ObjectMissing
   */
  localCopy(key: string): Promise<LocalCopy>;

  /** An address at which anyone may download the object until it expires. */
  sign(key: string, validity: { expiresInSeconds: number; now: Date }): Promise<string>;

  /**
   * The key of the object that may be downloaded at a request target (path and query exactly as received), or `null`
   * when the address was changed in any way, has expired, or is not ours to serve.
   */
  verify(target: string, now: Date): string | null;
}

export interface LocalFile {
  key: string;
  path: string;
}

export interface LocalCopy {
  path: string;
  release(): Promise<void>;
}

/** There is no object under this key. */
export class ObjectMissing extends Error {
  override readonly name = 'ObjectMissing';

  constructor(readonly key: string) {
    super(`There is no object ${key}`);
  }
}

/** Whether looking for an object finds one. */
export const isThere = (looking: Promise<unknown>): Promise<boolean> =>
  looking.then(
    () => true,
    (error) => {
      if (error instanceof ObjectMissing) return false;
      throw error;
    },
  );

export const storageFull = (cause: unknown): DomainError =>
  refusal(new DomainError('insufficient_storage', 'There is no room left to store this'), cause);

export const storageUnavailable = (cause: unknown): DomainError =>
  refusal(new DomainError('unavailable', 'The object storage cannot be reached', { retryAfterSeconds: 2 }), cause);

const refusal = (error: DomainError, cause: unknown): DomainError => Object.assign(error, { cause });

const segment = '[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}';

/** Segments that do not begin with a dot: no `.`, no `..`, and nothing that the storage keeps for itself. */
export const keyPattern = `${segment}(?:/${segment})*`;

const maxKeyLength = 500;
const key = new RegExp(`^${keyPattern}$`);

/** @throws RangeError for a key that could mean anything else than one object in the storage */
export const assertKey = (text: string): void => {
  if (text.length > maxKeyLength || !key.test(text)) throw new RangeError(`Not a storage key: ${JSON.stringify(text)}`);
};
