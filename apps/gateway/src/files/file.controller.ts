import { DomainError } from '@countinghouse/contracts';
import type { ObjectStorage } from '@countinghouse/storage';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiParam, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Serves } from '../http/asks.js';
import { sendFile } from './send-file.js';
import { STORAGE } from './storage.js';

@ApiTags('Files')
@Controller('files')
export class FileController {
  constructor(@Inject(STORAGE) private readonly storage: ObjectStorage) {}

  /** A file at an address that was given out before. It needs no token; a changed or expired address is 403. */
  @Get('*')
  @ApiParam({ name: 'path', schema: { type: 'string' }, example: '1/reports/7289_labels.csv' })
  @ApiQuery({ name: 'expires', schema: { type: 'integer' }, description: 'Unix time in seconds' })
  @ApiQuery({ name: 'signature', schema: { type: 'string' } })
  @Serves(
    { roles: 'public', query: true, load: 'long' },
    { status: 200, contentType: 'text/csv', errors: ['forbidden', 'not_found'] },
  )
  download(@Req() { raw }: FastifyRequest, @Res() reply: FastifyReply) {
    const key = this.storage.verify(raw.url ?? '', new Date());
    if (key === null) throw new DomainError('forbidden', 'This address is not valid, or not any more');
    return sendFile(reply, this.storage, key, key.slice(key.lastIndexOf('/') + 1));
  }
}
