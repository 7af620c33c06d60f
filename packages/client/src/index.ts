import { type Client, createClient, createConfig } from './generated/client/index.js';

export * from './generated/index.js';
export type { Client } from './generated/client/index.js';

/**
 * A client of the gateway at an address, to be given to each call:
 *
 * ```ts
 * const client = clientOf('http://localhost:8080', token);
 * const { data } = await userReportCurrent({ client, query: { distributor: 'KONTOR' } });
 * ```
 *
 * Amounts arrive as numbers, which hold 15 digits for certain. Where every digit counts, ask with `parseAs: 'text'` and
 * read the amounts from the text.
 *
 * @param token an access token, or what gets one before each call; public calls need none
 */
export const clientOf = (baseUrl: string, token?: string | (() => string | Promise<string>)): Client =>
  createClient(createConfig({ baseUrl, ...(token !== undefined && { auth: token }) }));
