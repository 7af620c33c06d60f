import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { type Call, DomainError, errorStatus, royalties, type StatementParameters } from '@countinghouse/contracts';
import { Bus, logger } from '@countinghouse/service/process';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { STORAGE } from '../files/storage.js';
import { principalOf } from '../http/caller.js';
import { fingerprinted } from './fingerprint.js';
import { sentFile } from './sent-file.js';

export interface StoredUpload {
  storageKey: string;
  sha256: string;
  bytes: number;
}

/** Takes a statement file from its caller into object storage, and tells royalties where it lies. */
@Injectable()
export class StatementUploadService {
  constructor(
    private readonly bus: Bus,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Streams the file: it is stored whole, or nothing is. */
  async store(message: IncomingMessage, call: Call): Promise<StoredUpload> {
    const { MAX_UPLOAD_BYTES, MAX_UNPACKED_BYTES } = this.config;
    const storageKey = `${principalOf(call).tenantId}/uploads/${randomUUID()}`;
    const { content, sha256 } = fingerprinted(sentFile(message, MAX_UPLOAD_BYTES), MAX_UNPACKED_BYTES);
    const { bytes } = await this.storage.put(storageKey, Readable.from(content, { objectMode: false }));
    return { storageKey, bytes, sha256: await sha256 };
  }

  /** The stored file goes when royalties does not take it: refused, there already, or answered before. */
  async register(upload: StoredUpload, parameters: StatementParameters, call: Call) {
    try {
      const answered = await this.bus.askForReply(royalties.registerStatement, { ...parameters, ...upload }, call);
      if (answered.reply.duplicate || answered.replayed) await this.discard(upload);
      return answered;
    } catch (error) {
      if (isRefusal(error)) await this.discard(upload);
      throw error;
    }
  }

  /** A file that stays behind is untidy, but no reason to answer anything else. */
  private async discard({ storageKey }: StoredUpload): Promise<void> {
    await this.storage.delete(storageKey).catch((error: unknown) => {
      logger().warn({ err: error, storageKey }, 'an upload that nobody needs was left behind');
    });
  }
}

/** Anything else may have happened after the statement was registered, so the file must stay. */
const isRefusal = (error: unknown): boolean => error instanceof DomainError && errorStatus[error.reply.code] < 500;
