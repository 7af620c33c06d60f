import { randomUUID } from 'node:crypto';
import {
  type Call,
  type CreateTenant,
  type Fact,
  type FactEnvelope,
  type Operation,
  type Principal,
  principalOfClaims,
  type Tenant,
  type Tokens,
  identity,
} from '@countinghouse/contracts';
import { Bus, connectNats, type NatsConnection } from '@countinghouse/service';
import { type Platform, startProduct } from '@countinghouse/testing';
import { expect } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Client } from 'pg';

type Asker = Partial<Omit<Call, 'requestId'>>;

/** The identity service as its own process, on a PostgreSQL and a NATS of its own, asked as the gateway asks it. */
export class StartedIdentity {
  private constructor(
    readonly product: Platform,
    private readonly nats: NatsConnection,
    private readonly bus: Bus,
    private readonly database: Client,
  ) {}

  static async start(): Promise<StartedIdentity> {
    const product = await startProduct({ services: ['identity'] });
    const nats = await connectNats('test', product.natsUrl);
    const database = new Client({ connectionString: product.superuserDatabaseUrl('identity') });
    await database.connect();
    return new StartedIdentity(product, nats, new Bus(nats), database);
  }

  async stop(): Promise<void> {
    await this.database.end();
    await this.nats.close();
    await this.product.stop();
  }

  ask<Request, Reply>(operation: Operation<Request, Reply>, request: Request, call: Asker = {}): Promise<Reply> {
    return this.bus.ask(operation, request, { requestId: randomUUID(), ...call });
  }

  /** As {@link ask}, and whether the reply was replayed. */
  askForReply<Request, Reply>(operation: Operation<Request, Reply>, request: Request, call: Asker = {}) {
    return this.bus.askForReply(operation, request, { requestId: randomUUID(), ...call });
  }

  /** Rows as the superuser sees them: what a test must see, or move in time, from outside. */
  async sql<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.database.query<Row>(text, values)).rows;
  }

  /** The first such fact that is published from now on. */
  async published<Body>({ subject }: Fact<Body>, such: (body: Body) => boolean): Promise<FactEnvelope<Body>> {
    for await (const message of this.nats.subscribe(subject)) {
      const envelope: FactEnvelope<Body> = message.json();
      if (such(envelope.body)) return envelope;
    }
    throw new Error(`The connection closed before such a ${subject} was published`);
  }

  login(email: string, password: string, call: Asker = {}): Promise<Tokens> {
    return this.ask(identity.login, { email, password }, call);
  }

  async platformAdmin(): Promise<Asker> {
    const { adminEmail, adminPassword } = this.product;
    return { principal: holderOf(await this.login(adminEmail, adminPassword)) };
  }

  /** A new tenant and its first admin, who logs in. */
  async tenant(change: Partial<CreateTenant> = {}): Promise<{ tenant: Tenant; admin: Asker; email: string }> {
    const request = { ...newTenant(), ...change };
    const tenant = await this.ask(identity.createTenant, request, await this.platformAdmin());
    const { email, password } = request.admin;
    const tokens = await this.ask(identity.login, { email, password, tenantId: tenant.id });
    return { tenant, admin: { principal: holderOf(tokens) }, email };
  }
}

export const password = 'correct horse battery';

export const newTenant = (): CreateTenant => ({
  name: 'Northern Lights',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  admin: { email: newEmail(), password, firstName: 'Ada', lastName: 'Admin' },
});

export const newEmail = () => `${randomUUID()}@label.example`;

/** Whom an access token speaks for. */
export const holderOf = ({ access_token }: { access_token: string }): Principal => {
  const holder = principalOfClaims(decodeJwt(access_token));
  if (!holder) throw new Error('The access token speaks for nobody');
  return holder;
};

/** The refusal that a promise is expected to end with. */
export const refusal = (code: string, more: object = {}) => ({ reply: expect.objectContaining({ code, ...more }) });
