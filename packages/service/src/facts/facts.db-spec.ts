import { DomainError, fact, type FactEnvelope } from '@countinghouse/contracts';
import { eventually, type TestDatabase, testDatabase, type TestNats, testNats } from '@countinghouse/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestMicroservice, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { DataSource, type EntityManager, type MigrationInterface, type QueryRunner } from 'typeorm';
import { Bus } from '../bus/bus.js';
import { BusModule } from '../bus/bus.module.js';
import { NATS_CONNECTION, type NatsConnection } from '../bus/connection.js';
import { OperationServer } from '../bus/operation-server.js';
import { DatabaseModule } from '../database/database.module.js';
import { migrate } from '../database/migrate.js';
import { tenantTable } from '../database/tenancy.js';
import { Transactions } from '../database/transactions.js';
import { Health } from '../operations/health.js';
import { DeadLetters } from './dead-letters.js';
import { factsOperations } from './facts.controller.js';
import { FactsModule } from './facts.module.js';
import { OnFact } from './on-fact.js';
import { Outbox } from './outbox.js';

class Price {
  item: string;
  amount: string;
}
const priceChanged = fact('shop.price.changed', Price);

class Prices1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE price (tenant_id integer NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, item text, amount numeric, PRIMARY KEY (tenant_id, id))`,
    );
    await tenantTable(queryRunner, 'price', 'SELECT, INSERT');
  }
  async down(): Promise<void> {}
}

/** Why the handler refuses an item, while it does. */
const troubles = new Map<string, Error>();
const refused: string[] = [];

@Injectable()
class PriceList {
  @OnFact(priceChanged)
  async apply({ body, tenantId }: FactEnvelope<Price>, manager: EntityManager): Promise<void> {
    await manager.query('INSERT INTO price (tenant_id, item, amount) VALUES ($1, $2, $3)', [
      tenantId,
      body.item,
      body.amount,
    ]);
    const trouble = troubles.get(body.item);
    if (!trouble) return;
    refused.push(body.item);
    throw trouble;
  }
}

let nats: TestNats;
const databases: TestDatabase[] = [];
const running = new Set<INestMicroservice>();

const start = async (service: string, database: TestDatabase, handlers: (typeof PriceList)[] = []) => {
  const config = { NATS_URL: nats.url, OPS_PORT: 0, LOG_LEVEL: 'silent', EMBEDDED: '0' } as const;
  @Module({
    imports: [
      BusModule.forRoot({ name: service, config }),
      DatabaseModule.forRoot({ service, url: database.url, entities: [], migrations: [Prices1700000000000] }),
      FactsModule.forRoot({ service, publishes: service === 'shop' ? [priceChanged] : [], retryAfterMs: [10, 10] }),
    ],
    providers: handlers,
  })
  class App {}
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(App, {
    logger: false,
    inject: [NATS_CONNECTION],
    useFactory: (connection: NatsConnection) => ({ strategy: new OperationServer(service, connection) }),
  });
  await app.listen();
  running.add(app);
  return app;
};

const stop = async (app: INestMicroservice) => {
  running.delete(app);
  await app.close();
  await app.get<NatsConnection>(NATS_CONNECTION).close();
};

const database = async (service: string): Promise<TestDatabase> => {
  const made = await testDatabase(service, (urls) =>
    migrate({ service, entities: [], migrations: [Prices1700000000000], ...urls }),
  );
  databases.push(made);
  return made;
};

const publish = (app: INestMicroservice, tenantId: number, ...items: string[]) =>
  app.get(Transactions).inTenant(tenantId, async (manager) => {
    for (const item of items) await app.get(Outbox).add(manager, priceChanged, tenantId, { item, amount: '0.10' });
  });

const itemsOf = async (app: INestMicroservice, tenantId: number, like: string): Promise<string[]> => {
  const rows: { item: string }[] = await app
    .get(Transactions)
    .read(tenantId, (manager) => manager.query('SELECT item FROM price WHERE item LIKE $1 ORDER BY id', [`${like}%`]));
  return rows.map(({ item }) => item);
};

const appears = (app: INestMicroservice, tenantId: number, like: string, expected: string[]) =>
  eventually(async () => expect((await itemsOf(app, tenantId, like)).toSorted()).toEqual(expected.toSorted()));

let shop: INestMicroservice;
let till: INestMicroservice;
let shopDatabase: TestDatabase;

beforeAll(async () => {
  nats = await testNats();
  shopDatabase = await database('shop');
  shop = await start('shop', shopDatabase);
  till = await start('till', await database('till'), [PriceList]);
}, 60_000);

afterAll(async () => {
  await Promise.all([...running].map(stop));
  await Promise.all(databases.map((one) => one.drop()));
  await nats?.stop();
});

describe('facts', () => {
  it('reach the consumer in their tenant', async () => {
    await publish(shop, 7, 'apple');
    await appears(till, 7, 'apple', ['apple']);
    expect(await itemsOf(till, 8, 'apple')).toEqual([]);
  });

  it('of a transaction that fails are never published', async () => {
    await expect(
      shop.get(Transactions).inTenant(7, async (manager) => {
        await shop.get(Outbox).add(manager, priceChanged, 7, { item: 'ghost', amount: '1' });
        throw new Error('on purpose');
      }),
    ).rejects.toThrow('on purpose');
    await publish(shop, 7, 'after the ghost');
    await appears(till, 7, 'after', ['after the ghost']);
    expect(await itemsOf(till, 7, 'ghost')).toEqual([]);
  });

  it('that another service makes known cannot be added', async () => {
    const added = till
      .get(Transactions)
      .inTenant(7, (manager) => till.get(Outbox).add(manager, priceChanged, 7, { item: 'x', amount: '1' }));
    await expect(added).rejects.toThrow('shop.price.changed is not among the facts');
  });

  it('are applied once, however often they are published', async () => {
    await publish(shop, 7, 'once');
    await appears(till, 7, 'once', ['once']);
    const connection = await connect({ servers: nats.url });
    const [row] = await shop
      .get(Transactions)
      .read(7, (manager) => manager.query(`SELECT id FROM outbox WHERE body->>'item' = 'once'`));
    const again = {
      id: row.id,
      tenantId: 7,
      occurredAt: '2026-01-01T00:00:00.000Z',
      body: { item: 'once', amount: '0.10' },
    };
    // Without the message id that JetStream itself would recognise.
    await jetstream(connection).publish(priceChanged.subject, JSON.stringify(again));
    await connection.close();
    await publish(shop, 7, 'once and done');
    await appears(till, 7, 'once', ['once', 'once and done']);
  });

  it('leave in the order of their ids, each once, with two replicas at work', async () => {
    const replica = await start('shop', shopDatabase);
    const items = Array.from({ length: 150 }, (_, index) => `order ${String(index).padStart(3, '0')}`);
    for (const [index, item] of items.entries()) await publish(index % 2 ? shop : replica, 9, item);
    await appears(till, 9, 'order', items);
    const connection = await connect({ servers: nats.url });
    const { streams } = await jetstreamManager(connection);
    const messages = await (await streams.get('FACTS_SHOP')).getConsumer();
    const published: string[] = [];
    for await (const message of await messages.fetch({ max_messages: 10_000, expires: 1_000 })) {
      const { body } = message.json<FactEnvelope<Price>>();
      if (body.item.startsWith('order')) published.push(body.item);
    }
    expect(published).toEqual(items);
    await connection.close();
    await stop(replica);
  });

  it('wait in the outbox while the broker is down', async () => {
    await nats.kill();
    await publish(shop, 7, 'meanwhile 1', 'meanwhile 2');
    await nats.start();
    await appears(till, 7, 'meanwhile', ['meanwhile 1', 'meanwhile 2']);
  }, 30_000);

  it('are all there, and applied once, after the broker has lost its store', async () => {
    await publish(shop, 7, 'kept 1');
    await appears(till, 7, 'kept', ['kept 1']);
    const before = await itemsOf(till, 7, '');
    await nats.destroyStore();
    await publish(shop, 7, 'kept 2');
    await nats.start();
    await appears(till, 7, 'kept', ['kept 1', 'kept 2']);
    // A service that is there for the first time learns of everything, so the new stream holds all that ever was.
    const latecomer = await start('latecomer', await database('latecomer'), [PriceList]);
    await appears(latecomer, 7, '', [...before, 'kept 2']);
    expect((await itemsOf(till, 7, '')).toSorted()).toEqual([...before, 'kept 2'].toSorted());
    await stop(latecomer);
  }, 60_000);

  it('can be published again by hand', async () => {
    const before = await itemsOf(till, 7, '');
    const { facts } = await till.get(Bus).ask(factsOperations('shop').replayOutbox, {}, { requestId: 'by hand' });
    expect(facts).toBeGreaterThanOrEqual(before.length);
    await publish(shop, 7, 'behind the replay');
    await appears(till, 7, '', [...before, 'behind the replay']);
  });
});

describe('a fact that cannot be applied', () => {
  it('becomes a dead letter after its tries, does not hold up others, and can be retried', async () => {
    troubles.set('cursed', new Error('no such shelf'));
    await publish(shop, 7, 'cursed', 'blessed');
    await appears(till, 7, 'blessed', ['blessed']);
    await eventually(async () => expect(await till.get(DeadLetters).count()).toBe(1));
    expect((await till.get(Health).report()).checks).toMatchObject({ facts: { deadLetters: 1 } });
    const [letter] = await till.get(DataSource).query('SELECT * FROM dead_letters(NULL)');
    expect(letter).toMatchObject({ tenant_id: 7, subject: priceChanged.subject, attempts: 3 });
    expect(letter.error).toContain('no such shelf');
    expect(await itemsOf(till, 7, 'cursed')).toEqual([]);

    const { retryDeadLetters } = factsOperations('till');
    const retry = (messageId?: string) => shop.get(Bus).ask(retryDeadLetters, { messageId }, { requestId: 'by hand' });
    expect(await retry()).toEqual({ applied: 0, failed: 1 });
    expect(await till.get(DeadLetters).count()).toBe(1);
    troubles.clear();
    expect(await retry(letter.message_id)).toEqual({ applied: 1, failed: 0 });
    expect(await till.get(DeadLetters).count()).toBe(0);
    expect(await itemsOf(till, 7, 'cursed')).toEqual(['cursed']);
  });

  it('is no dead letter while what it needs cannot be reached', async () => {
    troubles.set('patient', new DomainError('unavailable', 'identity cannot be reached'));
    await publish(shop, 7, 'patient');
    await eventually(() => expect(refused.filter((item) => item === 'patient')).toHaveLength(2));
    troubles.clear();
    await appears(till, 7, 'patient', ['patient']);
    expect(await till.get(DeadLetters).count()).toBe(0);
  });

  it('is a dead letter when it is no fact at all', async () => {
    const connection = await connect({ servers: nats.url });
    await jetstream(connection).publish(priceChanged.subject, Uint8Array.of(0xff, 0x00));
    await jetstream(connection).publish(priceChanged.subject, JSON.stringify({ id: 'x', tenantId: -1 }));
    await connection.close();
    await eventually(async () => expect(await till.get(DeadLetters).count()).toBe(2));
    await publish(shop, 7, 'unpoisoned');
    await appears(till, 7, 'unpoisoned', ['unpoisoned']);
  });
});
