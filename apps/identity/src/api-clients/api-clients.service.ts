import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import {
  type ApiClient,
  type ApiClientCreated,
  type Call,
  type ClientCredentials,
  type ClientToken,
  type CreateApiClient,
  DomainError,
} from '@countinghouse/contracts';
import { principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { boundsOf } from '../domain/grant.js';
import { platformTenant } from '../domain/platform.js';
import { requireBounds } from '../grants/require-bounds.js';
import { AccessTokens, accessTokenSeconds } from '../keys/access-tokens.js';
import { Secrets } from '../keys/secrets.js';
import { invalidCredentials } from '../sessions/invalid-credentials.js';
import { ApiClientEntity } from './api-client.entity.js';
import { findCredentials } from './credentials.query.js';

/** Machine clients: programs that get tokens with a secret of their own instead of a person's password. */
@Injectable()
export class ApiClientsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly secrets: Secrets,
    private readonly accessTokens: AccessTokens,
  ) {}

  /** The secrets are in this answer and in no other, also not in a replayed one. */
  create(call: Call, request: CreateApiClient): Promise<ApiClientCreated> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, (manager) => this.add(manager, tenantId, request), {
      storedReply: ({ client_id }) => ({ client_id }),
    });
  }

  list(call: Call): Promise<ApiClient[]> {
    const { tenantId } = principalOf(call);
    return this.transactions.read(tenantId, async (manager) => {
      const clients = await manager.find(ApiClientEntity, {
        where: { tenantId },
        order: { createdAt: 'ASC', clientId: 'ASC' },
      });
      return clients.map(apiClientOf);
    });
  }

  delete(call: Call, clientId: string): Promise<null> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      const { affected } = await manager.delete(ApiClientEntity, { tenantId, clientId });
      if (affected === 0) throw new DomainError('not_found', 'API client not found');
      return null;
    });
  }

  async token({ client_id, client_secret }: ClientCredentials): Promise<ClientToken> {
    const client = isUUID(client_id)
      ? await this.transactions.read(platformTenant, (manager) => findCredentials(manager, client_id))
      : null;
    if (!client || !timingSafeEqual(hashOf(client_secret), client.secretHash)) throw invalidCredentials();
    const { tenantId, roles } = client;
    const access_token = await this.accessTokens.sign({ tenantId, clientId: client_id, roles, ...boundsOf(client) });
    return { access_token, token_type: 'Bearer', expires_in: accessTokenSeconds };
  }

  private async add(
    manager: EntityManager,
    tenantId: number,
    { name, roles, resellerId = null, clientIds = null, expiresAt }: CreateApiClient,
  ): Promise<ApiClientCreated> {
    requireBounds({ roles, ...boundsOf({ resellerId, clientIds }) });
    if (expiresAt && new Date(expiresAt) <= new Date()) throw alreadyExpired();
    const clientId = randomUUID();
    const secret = newSecret();
    const signingSecret = roles.includes('provider') ? newSecret() : null;
    await manager.insert(ApiClientEntity, {
      tenantId,
      clientId,
      name,
      roles,
      resellerId,
      clientIds,
      secretHash: hashOf(secret),
      signingSecret: signingSecret === null ? null : this.secrets.seal(signingSecret, clientId),
      expiresAt: expiresAt ? new Date(expiresAt) : null,
    });
    return { client_id: clientId, client_secret: secret, ...(signingSecret && { signing_secret: signingSecret }) };
  }
}

const newSecret = () => randomBytes(32).toString('base64url');

/** A fast hash is right here: the secret is 256 random bits, so there is nothing that could be guessed. */
const hashOf = (secret: string) => createHash('sha256').update(secret).digest();

const alreadyExpired = () => {
  const message = 'expiresAt must be in the future';
  return new DomainError('unprocessable', message, { details: [{ field: 'expiresAt', message }] });
};

const apiClientOf = ({ clientId, name, roles, expiresAt, createdAt, ...grant }: ApiClientEntity): ApiClient => ({
  client_id: clientId,
  name,
  roles,
  ...boundsOf(grant),
  ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
  createdAt: createdAt.toISOString(),
});
