import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Call } from '@countinghouse/contracts';
import { logger } from '@countinghouse/service/process';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { STORAGE } from '../files/storage.js';
import { principalOf } from '../http/caller.js';
import { fingerprinted } from './fingerprint.js';
import { sentFile } from './sent-file.js';

export interface StoredUpload {
  storageKey: string;
  /** Of what is in the file, unpacked. */
  sha256: string;
  /** As sent. */
  bytes: number;
}

export interface UploadOptions {
  /** Whose file it becomes; each service deletes the uploads for it that came to nothing. */
  service: 'royalties';
  maxBytes: number;
  maxUnpackedBytes: number;
}

/** Takes a file from its caller into object storage, from where a service reads it. */
@Injectable()
export class UploadService {
  constructor(@Inject(STORAGE) private readonly storage: ObjectStorage) {}

  /** Streams the file: it is stored whole, or nothing is. */
  async store(
    message: IncomingMessage,
    call: Call,
    { service, maxBytes, maxUnpackedBytes }: UploadOptions,
  ): Promise<StoredUpload> {
    const storageKey = `${principalOf(call).tenantId}/uploads/${service}/${randomUUID()}`;
    const { content, sha256 } = fingerprinted(sentFile(message, maxBytes), maxUnpackedBytes);
    const file = Readable.from(content, { objectMode: false });
    try {
      const { bytes } = await this.storage.put(storageKey, file);
      return { storageKey, bytes, sha256: await sha256 };
    } finally {
      // Lets go of the request: while somebody holds what is left of it, nobody can discard that.
      file.destroy();
    }
  }

  /** A file that stays behind is untidy, but no reason to answer anything else. */
  async discard({ storageKey }: StoredUpload): Promise<void> {
    await this.storage.delete(storageKey).catch((error: unknown) => {
      logger().warn({ err: error, storageKey }, 'an upload that nobody needs was left behind');
    });
  }
}
