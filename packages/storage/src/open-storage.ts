import { fileURLToPath } from 'node:url';
import { DiskStorage } from './disk-storage.js';
import type { ObjectStorage } from './object-storage.js';
import { urlSigner } from './url-signer.js';

export interface StorageOptions {
  /** Secret that signs download addresses; the same in every process that signs or verifies them. */
  signingKey: string;
  /** Base of the download addresses, where the gateway can be reached. */
  publicUrl: string;
}

/**
 * The object storage at a `STORAGE_URL`, made when it is not there yet.
 *
 * @throws RangeError for a URL that is not `file:///…`
 */
export const openStorage = (url: string, options: StorageOptions): ObjectStorage => {
  if (!url.startsWith('file:///')) throw new RangeError(`STORAGE_URL must be file:///an/absolute/folder, not ${url}`);
  return new DiskStorage(fileURLToPath(url), urlSigner(options));
};
