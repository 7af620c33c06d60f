import type { IncomingMessage } from 'node:http';
import { type Call, DomainError, errorStatus, royalties, type StatementParameters } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Inject, Injectable } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { type StoredUpload, UploadService } from '../uploads/upload.service.js';

/** Takes a statement file into object storage, and tells royalties where it lies. */
@Injectable()
export class StatementUploadService {
  constructor(
    private readonly bus: Bus,
    private readonly uploads: UploadService,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  store(message: IncomingMessage, call: Call): Promise<StoredUpload> {
    const { MAX_UPLOAD_BYTES: maxBytes, MAX_UNPACKED_BYTES: maxUnpackedBytes } = this.config;
    return this.uploads.store(message, call, { service: 'royalties', maxBytes, maxUnpackedBytes });
  }

  /** The stored file goes when royalties does not take it: refused, there already, or answered before. */
  async register(upload: StoredUpload, parameters: StatementParameters, call: Call) {
    try {
      const answered = await this.bus.askForReply(royalties.registerStatement, { ...parameters, ...upload }, call);
      if (answered.reply.duplicate || answered.replayed) await this.uploads.discard(upload);
      return answered;
    } catch (error) {
      if (isRefusal(error)) await this.uploads.discard(upload);
      throw error;
    }
  }
}

/** Anything else may have happened after the statement was registered, so the file must stay. */
const isRefusal = (error: unknown): boolean => error instanceof DomainError && errorStatus[error.reply.code] < 500;
