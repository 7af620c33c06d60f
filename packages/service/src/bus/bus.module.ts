import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { ProcessEnvironment } from '../config/environment.js';
import { Health } from '../operations/health.js';
import { Bus } from './bus.js';
import { connectNats, NATS_CONNECTION, type NatsConnection } from './connection.js';

export interface BusOptions {
  /** The process's name, as NATS and the logs show it. */
  name: string;
  config: ProcessEnvironment;
}

/** The process's connection to NATS, its `Bus`, and its `Health`. */
@Global()
@Module({})
export class BusModule {
  static forRoot({ name, config }: BusOptions): DynamicModule {
    return {
      module: BusModule,
      providers: [
        Health,
        {
          provide: NATS_CONNECTION,
          inject: [Health],
          useFactory: async (health: Health) => {
            const connection = await connectNats(name, config.NATS_URL);
            health.add('nats', () => connection.rtt().then((milliseconds) => ({ roundTripMs: milliseconds })));
            return connection;
          },
        },
        {
          provide: Bus,
          inject: [NATS_CONNECTION],
          useFactory: (connection: NatsConnection) => new Bus(connection),
        },
      ],
      exports: [Health, NATS_CONNECTION, Bus],
    };
  }
}
