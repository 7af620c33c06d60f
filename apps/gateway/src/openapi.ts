import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Bus, Health, NATS_CONNECTION } from '@countinghouse/service/process';
import type { DynamicModule } from '@nestjs/common';
import { gatewayEnvironment } from './config.js';
import { ApiDocument } from './docs/api-document.js';
import { createGateway } from './gateway.js';

/** Writes the API document to the file named on the command line, or to standard output; nothing else has to run. */

const nothing: DynamicModule = {
  module: class Nothing {},
  global: true,
  providers: [{ provide: Bus, useValue: null }, { provide: NATS_CONNECTION, useValue: null }, Health],
  exports: [Bus, NATS_CONNECTION, Health],
};

const config = gatewayEnvironment.parse({
  NATS_URL: 'nats://nowhere',
  OPS_PORT: 0,
  PUBLIC_URL: 'http://localhost:8080',
  TOKEN_ISSUER: 'nobody',
  TOKEN_AUDIENCE: 'nobody',
  STORAGE_URL: pathToFileURL(tmpdir()).href,
  STORAGE_SIGNING_KEY: 'x'.repeat(32),
});

const app = await createGateway(config, nothing);
const text = `${JSON.stringify(JSON.parse(app.get(ApiDocument).text()), null, 2)}\n`;
const [, , path] = process.argv;
if (path) await writeFile(path, text);
else process.stdout.write(text);
await app.close();
