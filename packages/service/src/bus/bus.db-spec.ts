import { setTimeout as delay } from 'node:timers/promises';
import { type Call, DomainError, operation } from '@countinghouse/contracts';
import { testNats, type TestNats } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type AsyncMicroserviceOptions, Ctx, Payload } from '@nestjs/microservices';
import { IsIn, IsInt, IsOptional } from 'class-validator';
import { startLogging } from '../logging/logger.js';
import { Answers, Bus, BusModule, NATS_CONNECTION, type NatsConnection, OperationServer } from './index.js';
import { PassErrorsOn } from './pass-errors-on.filter.js';

class Question {
  @IsInt()
  number: number;

  @IsOptional()
  @IsIn(['refuse', 'break', 'unwritable', 'long', 'huge', 'slow'])
  how?: string;
}
class Answer {
  number: number;
  askedBy: string;
}
const double = operation('test.double', { request: Question, reply: Answer });
const call: Call = { requestId: 'r-1' };

@Controller()
class TestHandler {
  @Answers(double)
  async double(@Payload() { number, how }: Question, @Ctx() { requestId }: Call): Promise<Answer> {
    if (how === 'refuse')
      throw new DomainError('conflict', 'Already doubled', { details: [{ field: 'number', message: 'is taken' }] });
    if (how === 'break') throw new Error('a secret of the inside');
    if (how === 'unwritable') return { number: 1n as unknown as number, askedBy: requestId };
    if (how === 'long') return { number, askedBy: 'ö'.repeat(2 * 1024 * 1024 + 1) };
    if (how === 'huge') return { number, askedBy: 'x'.repeat(17 * 1024 * 1024) };
    if (how === 'slow') await delay(400);
    return { number: number * 2, askedBy: requestId };
  }
}

describe('bus', () => {
  let nats: TestNats;
  let service: INestMicroservice;
  let bus: Bus;

  beforeAll(async () => {
    startLogging('test', 'silent');
    nats = await testNats();
    const config = { NATS_URL: nats.url, OPS_PORT: 0, LOG_LEVEL: 'silent', EMBEDDED: '0' } as const;
    @Module({ imports: [BusModule.forRoot({ name: 'test', config })], controllers: [TestHandler] })
    class TestModule {}
    service = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(TestModule, {
      logger: false,
      inject: [NATS_CONNECTION],
      useFactory: (connection: NatsConnection) => ({ strategy: new OperationServer('test', connection) }),
    });
    service.useGlobalFilters(new PassErrorsOn());
    await service.listen();
    bus = service.get(Bus);
  });

  afterAll(async () => {
    const connection = service.get<NatsConnection>(NATS_CONNECTION);
    await service.close();
    await connection.close();
    await nats.stop();
  });

  const refusal = (asked: Promise<unknown>) =>
    asked.then(
      () => 'no refusal',
      (error: unknown) => (error as DomainError).reply,
    );

  it('answers with what the handler returned, and hands the call on', async () => {
    expect(await bus.ask(double, { number: 21 }, call)).toEqual({ number: 42, askedBy: 'r-1' });
  });

  it('keeps a thousand questions apart that are under way together', async () => {
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    const answers = await Promise.all(numbers.map((number) => bus.ask(double, { number }, call)));
    expect(answers.map(({ number }) => number)).toEqual(numbers.map((number) => number * 2));
  });

  it('carries an answer that is longer than a message', async () => {
    const { askedBy } = await bus.ask(double, { number: 1, how: 'long' }, call);
    expect(askedBy).toBe('ö'.repeat(2 * 1024 * 1024 + 1));
  });

  it('carries a refusal with its details', async () => {
    expect(await refusal(bus.ask(double, { number: 1, how: 'refuse' }, call))).toEqual({
      code: 'conflict',
      message: 'Already doubled',
      details: [{ field: 'number', message: 'is taken' }],
    });
  });

  it.each(['break', 'unwritable', 'huge'])(
    'answers "internal" and nothing of the inside when it fails: %s',
    async (how) => {
      expect(await refusal(bus.ask(double, { number: 1, how }, call))).toEqual({
        code: 'internal',
        message: 'Internal server error',
      });
    },
  );

  it('names the field that is wrong and the one that is not known', async () => {
    const request = { number: 'one', nmber: 2 } as unknown as Question;
    expect(await refusal(bus.ask(double, request, call))).toMatchObject({
      code: 'bad_request',
      details: expect.arrayContaining([
        { field: 'nmber', message: 'nmber is not a known field' },
        { field: 'number', message: 'number must be an integer number' },
      ]),
    });
  });

  it('refuses at its deadline and ignores the answer that comes later', async () => {
    const hurried = { ...double, deadlineMs: 50 };
    expect(await refusal(bus.ask(hurried, { number: 1, how: 'slow' }, call))).toMatchObject({
      code: 'deadline_exceeded',
    });
    await delay(500);
    expect(await bus.ask(double, { number: 2 }, call)).toMatchObject({ number: 4 });
  });

  it('says that a service that nobody runs is unavailable, without waiting for the deadline', async () => {
    const elsewhere = { ...double, subject: 'rpc.nowhere.double', deadlineMs: 60_000 };
    expect(await refusal(bus.ask(elsewhere, { number: 1 }, call))).toMatchObject({
      code: 'unavailable',
      retryAfterSeconds: 2,
    });
  });

  it('refuses what was asked when the broker dies, and works again when it is back', async () => {
    const asked = refusal(bus.ask({ ...double, deadlineMs: 60_000 }, { number: 1, how: 'slow' }, call));
    await delay(50);
    await nats.kill();
    expect(await asked).toMatchObject({ code: 'unavailable' });
    expect(await refusal(bus.ask(double, { number: 1 }, call))).toMatchObject({ code: 'unavailable' });
    await nats.start();
    const answer = async (): Promise<unknown> =>
      bus.ask(double, { number: 3 }, call).catch(() => delay(100).then(answer));
    expect(await answer()).toMatchObject({ number: 6 });
  });

  it('answers what it has before it stops', async () => {
    const asked = bus.ask(double, { number: 5, how: 'slow' }, call);
    await delay(50);
    const server = service.get<NatsConnection>(NATS_CONNECTION);
    expect(server.isClosed()).toBe(false);
    const [answer] = await Promise.all([
      asked,
      (service as unknown as { serverInstance: OperationServer }).serverInstance.close(),
    ]);
    expect(answer).toMatchObject({ number: 10 });
  });
});
