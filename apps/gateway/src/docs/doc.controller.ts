import { DomainError } from '@countinghouse/contracts';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Serves } from '../http/asks.js';
import { ApiDocument } from './api-document.js';
import { PageFile } from './doc.dto.js';
import { swaggerUiFile } from './swagger-ui.js';

@ApiTags('Documentation')
@Controller()
export class DocController {
  constructor(private readonly document: ApiDocument) {}

  /** This API as an OpenAPI 3.1 document. */
  @Get('openapi.json')
  @Serves({ roles: 'public' }, { status: 200, contentType: 'application/json' })
  openApi(@Res() reply: FastifyReply) {
    return reply.type('application/json; charset=utf-8').send(this.document.text());
  }

  /** This API as pages to browse. */
  @Get('docs')
  @Serves({ roles: 'public' }, { status: 200, contentType: 'text/html' })
  page(@Res() reply: FastifyReply) {
    return send(reply, 'index.html');
  }

  /** What those pages are made of. */
  @Get('docs/:file')
  @Serves({ roles: 'public' }, { status: 200, contentType: 'text/html', errors: ['not_found'] })
  asset(@Param() { file }: PageFile, @Res() reply: FastifyReply) {
    return send(reply, file);
  }
}

async function send(reply: FastifyReply, name: string) {
  const file = await swaggerUiFile(name);
  if (!file) throw new DomainError('not_found', 'File not found');
  return reply.headers(file.headers).send(file.content);
}
