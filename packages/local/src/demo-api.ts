import { setTimeout as sleep } from 'node:timers/promises';

export interface Call {
  /** Makes the call a POST. Sent as JSON, except a blob, which is sent as it is. */
  body?: unknown;
  /** In place of POST. */
  method?: 'PATCH';
  idempotencyKey?: string;
}

/** The public API as one caller uses it. */
export type Api = <Reply>(path: string, call?: Call) => Promise<Reply>;

const passing = [429, 502, 503, 504];
const maxAttempts = 30;

/** Calls that wait and try again while the platform is busy or restarting, which idempotency keys make safe. */
export const apiAt =
  (url: string, token?: string): Api =>
  async <Reply>(path: string, call: Call = {}): Promise<Reply> => {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(`${url}${path}`, requestOf(call, token)).catch((error: unknown) => {
        if (attempt === maxAttempts) throw new Error(`${url} cannot be reached`, { cause: error });
      });
      if (response?.ok) return exactJson(await response.text()) as Reply;
      if (response !== undefined && !(passing.includes(response.status) && attempt < maxAttempts))
        throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
      await sleep(Math.min(Number(response?.headers.get('retry-after') ?? 1), 10) * 1000);
    }
  };

/** The API with the rights of a user. */
export const loginAt = async (
  url: string,
  login: { email: string; password: string; tenantId?: number },
): Promise<Api> => {
  const tokens = await apiAt(url)<{ access_token: string }>('/auth/login', { body: login });
  return apiAt(url, tokens.access_token);
};

const requestOf = ({ body, method, idempotencyKey }: Call, token: string | undefined): RequestInit => {
  const headers = new Headers();
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
  if (body === undefined) return { headers };
  if (body instanceof Blob) return { method: method ?? 'POST', headers, body };
  headers.set('content-type', 'application/json');
  return { method: method ?? 'POST', headers, body: JSON.stringify(body) };
};

/** Numbers that are no safe integers, such as amounts, stay the text they were written as. */
const exactJson = (text: string): unknown => {
  const keep = (_key: string, value: unknown, { source }: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) ? source : value;
  return JSON.parse(text, keep as (key: string, value: unknown) => unknown);
};
