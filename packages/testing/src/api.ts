import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Client, clientOf } from '@countinghouse/client';
import type { Platform } from '@countinghouse/local';

/** The public API as one user sees it, without a client's conveniences: exact bytes in, exact text out. */
export class Api {
  /** The same user's typed client. */
  readonly client: Client;

  constructor(
    private readonly url: string,
    private readonly token?: string,
  ) {
    this.client = clientOf(url, token);
  }

  static async login(url: string, email: string, password: string): Promise<Api> {
    const { json } = await new Api(url).post('/auth/login', { email, password });
    return new Api(url, (json as { access_token: string }).access_token);
  }

  /** For requests that are sent by hand. */
  get authorization(): string {
    return `Bearer ${this.token}`;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, { headers });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  /** Sends a body as it is written, such as one that no program would write. */
  postText(path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', path, { headers: { 'content-type': 'application/json', ...headers }, body });
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  }

  patch(path: string, body: unknown): Promise<Answer> {
    return this.send('PATCH', path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  }

  delete(path: string): Promise<Answer> {
    return this.send('DELETE', path, {});
  }

  /** Uploads a statement file as it is. */
  upload(query: string, file: string | Uint8Array | FormData, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', `/royalties/statements?${query}`, {
      headers: { ...(file instanceof FormData ? {} : { 'content-type': 'text/csv' }), ...headers },
      body: file as NonNullable<RequestInit['body']>,
    });
  }

  /** The statement that an upload led to, once it has ended. */
  async uploaded(query: string, file: string | Uint8Array | FormData): Promise<StatementView> {
    const { status, json, text } = await this.upload(query, file);
    if (status !== 202) throw new Error(`upload: ${status} ${text}`);
    return this.settled((json as StatementView).id);
  }

  /** The statement once it is `completed`, `failed` or `voided`. */
  async settled(id: number): Promise<StatementView> {
    for (;;) {
      const { status, json } = await this.get(`/royalties/statements/${id}`);
      const statement = json as StatementView;
      if (status === 200 && ['completed', 'failed', 'voided'].includes(statement.state)) return statement;
      if (status !== 200 && status !== 503 && status !== 504) throw new Error(`statement ${id}: ${status}`);
      await delay(50);
    }
  }

  private async send(method: string, path: string, init: RequestInit): Promise<Answer> {
    const address = path.startsWith('http') ? path : `${this.url}${path}`;
    const authorization = this.token && !path.startsWith('http') ? { authorization: this.authorization } : {};
    const response = await fetch(address, { ...init, method, headers: { ...authorization, ...init.headers } });
    const text = Buffer.from(await response.arrayBuffer()).toString(); // `text()` would drop a byte order mark
    const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
    const { status, headers } = response;
    return { status, headers, text, json: isJson ? JSON.parse(text) : undefined };
  }
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: unknown;
}

export interface StatementView {
  id: number;
  state: string;
  error: string | null;
  currency: string | null;
  lines: { read: number; accepted: number; rejected: number; unmatched: number };
  net: number;
  royalties: number;
}

export interface TestTenant {
  id: number;
  admin: Api;
  /** A member who owns whatever the test gives her. */
  member: Api;
  memberId: string;
}

/** A tenant of its own with an admin and a member. */
export async function openTenant(
  { url, adminEmail, adminPassword }: Platform,
  settings: { currency?: string; timeZone?: string } = {},
): Promise<TestTenant> {
  const platformAdmin = await Api.login(url, adminEmail, adminPassword);
  const password = 'a-test-password';
  const email = `admin-${randomUUID()}@test.example`;
  const admin = { email, password, firstName: 'Ada', lastName: 'Admin' };
  const tenant = await platformAdmin.post('/tenant', {
    name: 'Test',
    currency: 'EUR',
    timeZone: 'UTC',
    ...settings,
    admin,
  });
  if (tenant.status !== 201) throw new Error(`tenant: ${tenant.status} ${tenant.text}`);
  const adminApi = await Api.login(url, email, password);
  const { api, id } = await openMember(url, adminApi);
  return { id: (tenant.json as { id: number }).id, admin: adminApi, member: api, memberId: id };
}

/** A further user of the tenant: a member, unless their profile says otherwise. */
export async function openMember(
  url: string,
  admin: Api,
  profile: { firstName?: string; lastName?: string; email?: string; roles?: string[]; resellerId?: string } = {},
): Promise<{ api: Api; id: string }> {
  const password = 'a-test-password';
  const email = profile.email ?? `member-${randomUUID()}@test.example`;
  const user = { firstName: 'Mia', lastName: 'Member', roles: ['member'], ...profile };
  const created = await admin.post('/user', { ...user, email, password });
  if (created.status !== 201) throw new Error(`user: ${created.status} ${created.text}`);
  return { api: await Api.login(url, email, password), id: (created.json as { id: string }).id };
}
