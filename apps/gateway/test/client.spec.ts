import { clientOf, authLogin, statementUpload, tenantGet, userCreate } from '@countinghouse/client';
import { DomainError, identity, royalties } from '@countinghouse/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { admin, type RunningGateway, startGateway, tokenOf } from './outside.js';

let gateway: RunningGateway;
let url: string;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.app.listen(0, '127.0.0.1');
  url = await gateway.app.getUrl();
});
afterAll(() => gateway.stop());

const asAdmin = () => clientOf(url, () => tokenOf(admin));

describe('the typed client', () => {
  it('sends a body and reads an answer', async () => {
    const tokens = { access_token: 'a', token_type: 'Bearer', expires_in: 900, refresh_token: 'r' };
    gateway.services.answer(identity.login, () => tokens);
    const body = { email: 'ada@label.example', password: 'a password' };
    const { data } = await authLogin({ client: clientOf(url), body });
    expect(data).toEqual(tokens);
    expect(gateway.services.last?.request).toEqual(body);
  });

  it('shows its token, and reads exact amounts', async () => {
    gateway.services.answer(identity.getTenant, ({ id }) => ({ id, vatRate: '0.25' }) as never);
    const { data } = await tenantGet({ client: asAdmin(), path: { id: 7 } });
    expect(data).toEqual({ id: 7, vatRate: 0.25 });
  });

  it('reads a refusal', async () => {
    gateway.services.answer(identity.createUser, () => {
      throw new DomainError('conflict', 'There is a user with this e-mail');
    });
    const body = { email: 'ada@label.example', firstName: 'Ada', lastName: 'L', roles: ['member' as const] };
    const { error } = await userCreate({ client: asAdmin(), body });
    expect(error).toMatchObject({ statusCode: 409, message: 'There is a user with this e-mail' });
  });

  it('sends a file', async () => {
    gateway.services.answer(royalties.registerStatement, (request) => {
      return { ...request, id: 1, state: 'received' as const, duplicate: false };
    });
    const query = { distributor: 'KONTOR', reportingMonth: '202508' };
    const { data, response } = await statementUpload({ client: asAdmin(), query, body: new Blob(['a;b\r\n']) });
    expect([response?.status, data?.bytes]).toEqual([202, 5]);
  });
});
