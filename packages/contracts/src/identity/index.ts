import { fact } from '../fact.js';
import { Nothing, operation } from '../operation.js';
import * as dto from './identity.dto.js';

export * from './identity.dto.js';

export const identity = {
  login: operation('identity.login', {
    request: dto.Login,
    reply: dto.Tokens,
    errors: ['unauthorized', 'conflict', 'too_many_requests'],
  }),
  refresh: operation('identity.refresh', { request: dto.RefreshToken, reply: dto.Tokens, errors: ['unauthorized'] }),
  logout: operation('identity.logout', { request: dto.RefreshToken, reply: null }),
  clientToken: operation('identity.client-token', {
    request: dto.ClientCredentials,
    reply: dto.ClientToken,
    errors: ['unauthorized'],
  }),
  keys: operation('identity.keys', { request: Nothing, reply: dto.JsonWebKeySet }),

  createTenant: operation('identity.tenant.create', { request: dto.CreateTenant, reply: dto.Tenant }),
  getTenant: operation('identity.tenant.get', { request: dto.TenantId, reply: dto.Tenant, errors: ['not_found'] }),
  updateTenant: operation('identity.tenant.update', {
    request: dto.UpdateTenant,
    reply: dto.Tenant,
    errors: ['not_found'],
  }),

  createUser: operation('identity.user.create', {
    request: dto.CreateUser,
    reply: dto.User,
    errors: ['conflict', 'unprocessable'],
  }),
  getUser: operation('identity.user.get', { request: dto.UserId, reply: dto.User, errors: ['not_found'] }),
  listUsers: operation('identity.user.list', { request: dto.ListUsers, reply: dto.UserPage }),
  updateUser: operation('identity.user.update', {
    request: dto.UpdateUser,
    reply: dto.User,
    errors: ['not_found', 'conflict', 'unprocessable'],
  }),
  deleteUser: operation('identity.user.delete', { request: dto.UserId, reply: null, errors: ['not_found'] }),

  createApiClient: operation('identity.api-client.create', {
    request: dto.CreateApiClient,
    reply: dto.ApiClientCreated,
    errors: ['unprocessable'],
  }),
  listApiClients: operation('identity.api-client.list', { request: Nothing, reply: [dto.ApiClient] }),
  deleteApiClient: operation('identity.api-client.delete', {
    request: dto.ApiClientId,
    reply: null,
    errors: ['not_found'],
  }),

  /** For services that meet a user or tenant they have not heard of yet; asked without a principal. */
  findUser: operation('identity.user.find', { request: dto.FindUser, reply: dto.UserChanged, errors: ['not_found'] }),
  /** Leaves out whom it does not know. */
  findUsers: operation('identity.user.find-many', { request: dto.FindUsers, reply: [dto.UserChanged] }),
  findTenant: operation('identity.tenant.find', {
    request: dto.TenantId,
    reply: dto.TenantChanged,
    errors: ['not_found'],
  }),
};

export const identityFacts = {
  userChanged: fact('identity.user.changed', dto.UserChanged),
  tenantChanged: fact('identity.tenant.changed', dto.TenantChanged),
};
