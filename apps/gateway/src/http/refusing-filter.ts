import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from './refuse.js';

/** Every error of a controller or of Fastify, made the answer it stands for. */
@Catch()
export class RefusingFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    void refuse(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), error);
  }
}
