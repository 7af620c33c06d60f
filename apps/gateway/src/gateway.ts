import { nestLogger } from '@countinghouse/service/process';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayConfig } from './config.js';
import { ApiDocument } from './docs/api-document.js';
import { GatewayModule } from './gateway.module.js';
import { Admission } from './http/admission.js';
import { requireDeclarations } from './http/declared-routes.js';
import { edgeAdapter, installEdge } from './http/edge.js';
import { RefusingFilter } from './http/refusing-filter.js';
import { RequestPipe } from './http/request-pipe.js';

/** The gateway, ready to listen. */
export async function createGateway(config: GatewayConfig, platform?: DynamicModule): Promise<NestFastifyApplication> {
  const adapter = edgeAdapter(config);
  requireDeclarations(adapter.getInstance());
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.forRoot(config, platform), adapter, {
    logger: nestLogger,
    abortOnError: false,
    bodyParser: false,
  });
  installEdge(adapter.getInstance(), config, app.get(Admission));
  app.useGlobalFilters(new RefusingFilter());
  app.useGlobalPipes(new RequestPipe());
  app.get(ApiDocument).of(app);
  await app.init();
  await adapter.getInstance().ready();
  return app;
}
