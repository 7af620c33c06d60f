import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  accessTokenType,
  type Call,
  claimsOf,
  DomainError,
  identity,
  type Operation,
  type Principal,
} from '@countinghouse/contracts';
import { Bus, Health, NATS_CONNECTION } from '@countinghouse/service/process';
import type { DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { type GatewayConfig, gatewayEnvironment } from '../src/config.js';
import { createGateway } from '../src/gateway.js';

type Answer<Request, Reply> = (request: Request, call: Call) => Reply | Promise<Reply>;

/** The services behind the gateway: answers as it is told, and remembers what was asked. */
export class Services {
  readonly asked: { subject: string; request: unknown; call: Call }[] = [];
  private readonly answers = new Map<string, Answer<never, unknown>>();
  replayed = false;

  answer<Request, Reply>({ subject }: Operation<Request, Reply>, answer: Answer<Request, Reply>): void {
    this.answers.set(subject, answer);
  }

  async ask<Request, Reply>(operation: Operation<Request, Reply>, request: Request, call: Call): Promise<Reply> {
    return (await this.askForReply(operation, request, call)).reply;
  }

  async askForReply<Request, Reply>({ subject }: Operation<Request, Reply>, request: Request, call: Call) {
    // The gateway asks for the keys by itself, at a time of its own.
    if (subject !== identity.keys.subject) this.asked.push({ subject, request, call });
    const answer = this.answers.get(subject) as Answer<Request, Reply> | undefined;
    if (!answer) throw new DomainError('unavailable', `The service cannot be reached`, { retryAfterSeconds: 2 });
    const reply = await answer(request, call);
    return { reply, ...(this.replayed && { replayed: true as const }) };
  }

  get last() {
    return this.asked.at(-1);
  }
}

const platform = (services: Services): DynamicModule => ({
  module: class Outside {},
  global: true,
  providers: [{ provide: Bus, useValue: services }, { provide: NATS_CONNECTION, useValue: null }, Health],
  exports: [Bus, NATS_CONNECTION, Health],
});

export const issuer = 'https://countinghouse.example';
export const audience = 'countinghouse';
export const keys = await generateKeyPair('EdDSA', { extractable: true });
export const publicJwk = { ...(await exportJWK(keys.publicKey)), kid: 'own', alg: 'EdDSA', use: 'sig' };

export const admin: Principal = { tenantId: 1, userId: '7f1b6f0e-6d1c-4c7e-9a3e-0d8d6f1f1c11', roles: ['admin'] };
export const member: Principal = { tenantId: 1, userId: '0e0c2a44-4f0a-4b6b-8f43-0c55e7f4a222', roles: ['member'] };

/** A token of ours, as identity signs it. */
export const tokenOf = (principal: Principal, change: JWTPayload = {}): Promise<string> =>
  new SignJWT({ ...claimsOf(principal), iss: issuer, aud: audience, jti: 'a token', ...change })
    .setProtectedHeader({ alg: 'EdDSA', typ: accessTokenType, kid: 'own' })
    .setIssuedAt()
    .setExpirationTime(change.exp ?? '15 minutes')
    .sign(keys.privateKey);

export const bearer = async (principal: Principal) => ({ authorization: `Bearer ${await tokenOf(principal)}` });

export interface RunningGateway {
  app: NestFastifyApplication;
  services: Services;
  config: GatewayConfig;
  storageFolder: string;
  stop(): Promise<void>;
}

/** A gateway with fakes behind it and nothing in front of it. */
export async function startGateway(environment: Record<string, string> = {}): Promise<RunningGateway> {
  const storageFolder = await mkdtemp(join(tmpdir(), 'gateway-'));
  const services = new Services();
  services.answer(identity.keys, () => ({ keys: [publicJwk] }));
  const config = gatewayEnvironment.parse({
    NATS_URL: 'nats://127.0.0.1:4222',
    OPS_PORT: '0',
    PUBLIC_URL: 'http://localhost:8080',
    TOKEN_ISSUER: issuer,
    TOKEN_AUDIENCE: audience,
    STORAGE_URL: pathToFileURL(storageFolder).href,
    STORAGE_SIGNING_KEY: 'a secret that is only known to these specs',
    ...environment,
  });
  const app = await createGateway(config, platform(services));
  const stop = async () => {
    await app.close();
    await rm(storageFolder, { recursive: true, force: true });
  };
  return { app, services, config, storageFolder, stop };
}
