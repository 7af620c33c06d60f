import { Bus, Health, NATS_CONNECTION } from '@countinghouse/service/process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type DynamicModule, Get } from '@nestjs/common';
import { createGateway } from '../src/gateway.js';
import { type RunningGateway, startGateway } from './outside.js';

let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

@Controller('forgotten')
class ForgottenController {
  @Get()
  get(): string {
    return 'open to all';
  }
}

describe('a route that does not say who may call it', () => {
  it('keeps the gateway from starting, wherever it comes from', async () => {
    const platform: DynamicModule = {
      module: class Platform {},
      global: true,
      controllers: [ForgottenController],
      providers: [{ provide: Bus, useValue: null }, { provide: NATS_CONNECTION, useValue: null }, Health],
      exports: [Bus, NATS_CONNECTION, Health],
    };
    await expect(createGateway(gateway.config, platform)).rejects.toThrow(
      'GET /forgotten does not say who may call it; declare it with @Asks or @Serves',
    );
  });
});
