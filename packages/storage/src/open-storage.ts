import { DiskStorage } from './disk-storage.js';
import type { ObjectStorage } from './object-storage.js';
import type { StorageLocation } from './storage-url.js';
import { urlSigner } from './url-signer.js';

export interface StorageOptions {
  /** Secret that signs download addresses of a disk; the same in every process that signs or verifies them. */
  signingKey: string;
  /** Base of the download addresses of a disk, where the gateway can be reached. */
  publicUrl: string;
  /** Folder for local copies of what is stored elsewhere. */
  workDir?: string;
}

/** The object storage at a location. A folder is made when it is not there yet; a bucket must be there. */
export const openStorage = async (location: StorageLocation, options: StorageOptions): Promise<ObjectStorage> => {
  if (location.kind === 'disk') return new DiskStorage(location.folder, urlSigner(options));
  // Only now: the SDK takes time and memory that a disk has no use for.
  const { S3Storage } = await import('./s3-storage.js');
  return S3Storage.open(location, options.workDir);
};
