import { randomUUID } from 'node:crypto';
import {
  contractCreate,
  contractDelete,
  contractGet,
  contractList,
  contractUpdate,
  type CreateContract,
  userDelete,
} from '@countinghouse/client';
import {
  eventually,
  openMember,
  openTenant,
  type Platform,
  startProduct,
  type TestTenant,
} from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

let platform: Platform;
let tenant: TestTenant;
let stranger: TestTenant;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  [tenant, stranger] = await Promise.all([openTenant(platform), openTenant(platform)]);
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

let names = 0;
/** A contract that overlaps with no other. */
const terms = (changes: Partial<CreateContract> = {}): CreateContract => ({
  userId: tenant.memberId,
  scope: 'label',
  match: `Label ${++names}`,
  sharePercent: '75',
  ...changes,
});

const create = (changes: Partial<CreateContract> = {}) =>
  contractCreate({ client: tenant.admin.client, body: terms(changes), throwOnError: true });

describe('a contract', () => {
  it('is answered as it was made, and read back', async () => {
    const body = terms({ aliases: ['Polar', 'polar rec.'], sharePercent: 62.125, from: '202401', to: '202501' });
    const { data, response } = await contractCreate({ client: tenant.admin.client, body, throwOnError: true });
    expect(response?.status).toBe(201);
    expect(data).toEqual({ ...body, id: expect.any(Number), createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) });
    const read = await contractGet({ client: tenant.admin.client, path: { id: data.id } });
    expect(read.data).toEqual(data);
  });

  it('is without limit in time and without aliases unless it says so', async () => {
    const { data } = await create();
    expect(data).toMatchObject({ aliases: [], from: null, to: null });
  });

  it('keeps every digit of its share', async () => {
    const { json } = await tenant.admin.post('/royalties/contracts', terms({ sharePercent: '33.3333' }));
    const { text } = await tenant.admin.get(`/royalties/contracts/${(json as { id: number }).id}`);
    expect(text).toContain('"sharePercent":33.3333,');
  });

  it.each(['0', '100', '0.0001', 12.5])('may have a share of %s percent', async (sharePercent) => {
    expect((await create({ sharePercent })).data.sharePercent).toBe(Number(sharePercent));
  });

  it('is changed in what a change names, and nothing else', async () => {
    const { data: contract } = await create({ from: '202401', to: '202501', aliases: ['One'] });
    const change = (body: object) =>
      contractUpdate({ client: tenant.admin.client, path: { id: contract.id }, body, throwOnError: true });
    expect((await change({ sharePercent: '80' })).data).toEqual({ ...contract, sharePercent: 80 });
    expect((await change({ to: null, aliases: ['Two'] })).data).toEqual({
      ...contract,
      sharePercent: 80,
      to: null,
      aliases: ['Two'],
    });
  });

  it('is gone when it is deleted, and what it owned can be owned again', async () => {
    const { data: contract } = await create();
    const path = { id: contract.id };
    expect((await contractDelete({ client: tenant.admin.client, path })).response?.status).toBe(204);
    expect((await contractGet({ client: tenant.admin.client, path })).response?.status).toBe(404);
    expect((await contractDelete({ client: tenant.admin.client, path })).response?.status).toBe(404);
    await create({ match: contract.match });
  });
});

describe('the list of contracts', () => {
  it('is filtered, and paged in the order of their making', async () => {
    const { id: userId } = await openMember(platform.url, tenant.admin);
    const ids: number[] = [];
    for (let at = 0; at < 5; at++) ids.push((await create({ userId })).data.id);
    const track = await create({ userId, scope: 'track', match: 'DEA622500077' });
    const list = async (query: object) =>
      (await contractList({ client: tenant.admin.client, query, throwOnError: true })).data;

    const pages = await Promise.all([1, 2, 3].map((page) => list({ userId, scope: 'label', page, size: 2 })));
    expect(pages[0]).toMatchObject({ total: 5, page: 1, totalPages: 3 });
    expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(ids);
    expect(await list({ userId, scope: 'track' })).toMatchObject({ total: 1, items: [track.data] });
    expect(await list({ userId, page: 9 })).toMatchObject({ total: 6, totalPages: 1, items: [] });
  });

  it.each([
    ['size=0', 'size'],
    ['size=101', 'size'],
    ['page=0', 'page'],
    ['page=one', 'page'],
    ['scope=artist', 'scope'],
    ['userId=7', 'userId'],
    ['label=Polar', 'label'],
  ])('refuses %s and names the field', async (query, field) => {
    const { status, json } = await tenant.admin.get(`/royalties/contracts?${query}`);
    expect([status, json]).toMatchObject([400, { details: [{ field }] }]);
  });
});

describe('two contracts that would own the same line', () => {
  const ean = '4260123459598';
  it.each<[string, Partial<CreateContract>, Partial<CreateContract>]>([
    ['label', { match: 'Straße  Records' }, { match: ' STRASSE records ' }],
    ['label in compatible letters', { match: 'ＦＵＬＬ width' }, { match: 'full width' }],
    ['alias', { match: 'Overlap A', aliases: ['Overlap a. Ltd'] }, { match: 'Overlap B', aliases: ['OVERLAP A. LTD'] }],
    ['match and alias', { match: 'Overlap C' }, { match: 'Overlap D', aliases: ['overlap c'] }],
    ['release', { scope: 'release', match: ean }, { scope: 'release', match: `0${ean}` }],
    ['track', { scope: 'track', match: 'DE-A62-25-00001' }, { scope: 'track', match: 'dea622500001' }],
  ])('are refused with the name of the first: %s', async (_, first, second) => {
    const { data: contract } = await create({ ...first, from: '202401', to: '202501' });
    const overlaps = { ...second, from: '202412', to: null };
    const refused = await contractCreate({ client: tenant.admin.client, body: terms(overlaps) });
    expect(refused.response?.status).toBe(409);
    expect(refused.error?.message).toContain(`Contract ${contract.id} owns`);
    expect(refused.error?.message).toContain(contract.match);
    // The first month that is no longer covered belongs to the next contract.
    await create({ ...second, from: '202501' });
  });

  it('are refused as a change too, which changes nothing then', async () => {
    const { data: first } = await create({ from: '202401', to: '202501' });
    const { data: second } = await create({ match: first.match, from: '202501' });
    const path = { id: second.id };
    const refused = await contractUpdate({ client: tenant.admin.client, path, body: { from: null, sharePercent: 1 } });
    expect(refused.response?.status).toBe(409);
    expect(refused.error?.message).toContain(`Contract ${first.id} owns`);
    expect((await contractGet({ client: tenant.admin.client, path })).data).toEqual(second);
  });

  it('do not exist among the three scopes', async () => {
    await create({ match: '4006381333931' });
    await create({ scope: 'release', match: '4006381333931' });
  });

  it('are refused when both come at once', async () => {
    const body = terms();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => contractCreate({ client: tenant.admin.client, body })),
    );
    const made = answers.filter(({ response }) => response?.status === 201);
    const refused = answers.filter(({ response }) => response?.status === 409);
    expect([made.length, refused.length]).toEqual([1, 7]);
  });
});

describe('a contract is refused', () => {
  it('with 404 for a user who is unknown, deleted or somebody else’s', async () => {
    const { id: deleted } = await openMember(platform.url, tenant.admin);
    await userDelete({ client: tenant.admin.client, path: { id: deleted }, throwOnError: true });
    for (const userId of [randomUUID(), deleted, stranger.memberId]) {
      // The deletion takes a moment to be heard of.
      await eventually(async () => {
        const { response, error } = await contractCreate({ client: tenant.admin.client, body: terms({ userId }) });
        expect([response?.status, error?.message]).toEqual([404, 'User not found']);
      });
    }
  });

  it.each<[string, object]>([
    ['userId', { userId: 'nobody' }],
    ['userId', { userId: undefined }],
    ['scope', { scope: 'artist' }],
    ['match', { match: '' }],
    ['match', { match: ' \t ' }],
    ['match', { match: 7 }],
    ['match', { match: 'x'.repeat(501) }],
    ['match', { scope: 'track', match: 'DEA62250000' }],
    ['match', { scope: 'release', match: '4260123459599' }],
    ['match', { scope: 'release', match: 'Polar Records' }],
    ['sharePercent', { sharePercent: '100.0001' }],
    ['sharePercent', { sharePercent: '-1' }],
    ['sharePercent', { sharePercent: '12.34567' }],
    ['sharePercent', { sharePercent: '+1' }],
    ['sharePercent', { sharePercent: '1e1' }],
    ['sharePercent', { sharePercent: null }],
    ['sharePercent', { sharePercent: undefined }],
    ['from', { from: '202413' }],
    ['from', { from: '2024-01' }],
    ['to', { to: 202401 }],
    ['to', { from: '202401', to: '202401' }],
    ['to', { from: '202402', to: '202401' }],
    ['aliases', { aliases: 'Polar' }],
    ['aliases', { aliases: [7] }],
    ['aliases.0', { aliases: [' '] }],
    ['aliases.0', { scope: 'track', match: 'DEA622500099', aliases: ['nonsense'] }],
    ['owner', { owner: 'me' }],
  ])('with 400 that names %s: %j', async (field, changes) => {
    const { status, json } = await tenant.admin.post('/royalties/contracts', { ...terms(), ...changes });
    expect([status, json]).toMatchObject([400, { error: 'Bad Request', details: [{ field }] }]);
  });

  it.each<[string, object]>([
    ['sharePercent', { sharePercent: null }],
    ['sharePercent', { sharePercent: '101' }],
    ['aliases', { aliases: null }],
    ['to', { to: '190001' }],
    ['match', { match: 'Other' }],
    ['userId', { userId: randomUUID() }],
  ])('as a change, with 400 that names %s: %j', async (field, changes) => {
    const { data: contract } = await create({ from: '202401' });
    const { status, json } = await tenant.admin.patch(`/royalties/contracts/${contract.id}`, changes);
    expect([status, json]).toMatchObject([400, { details: [{ field }] }]);
  });

  it.each(['', '[]', '"text"', '{"scope":', '{"sharePercent": 12.345678901234567}'])(
    'with 400 for the body %s',
    async (body) => {
      const headers = { authorization: tenant.admin.authorization, 'content-type': 'application/json' };
      const { status } = await fetch(`${platform.url}/royalties/contracts`, { method: 'POST', headers, body });
      expect(status).toBe(400);
    },
  );
});

describe('an idempotency key', () => {
  it('makes one contract of two requests, and is refused with another body', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = terms();
    const first = await tenant.admin.post('/royalties/contracts', body, headers);
    const again = await tenant.admin.post('/royalties/contracts', body, headers);
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await tenant.admin.post('/royalties/contracts', { ...body, sharePercent: '1' }, headers);
    expect(other.status).toBe(422);
  });
});

describe('contracts are the admin’s', () => {
  it('of their tenant: another’s are not there', async () => {
    const { data: contract } = await create();
    const path = `/royalties/contracts/${contract.id}`;
    const { admin } = stranger;
    const answers = await Promise.all([admin.get(path), admin.patch(path, { sharePercent: '1' }), admin.delete(path)]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await admin.get('/royalties/contracts')).json).toMatchObject({ total: 0, items: [] });
    expect((await tenant.admin.get(path)).json).toEqual(contract);
  });

  it('and no member’s', async () => {
    const { member } = tenant;
    const path = '/royalties/contracts/1';
    const answers = await Promise.all([
      member.post('/royalties/contracts', terms()),
      member.get('/royalties/contracts'),
      member.get(path),
      member.patch(path, {}),
      member.delete(path),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
  });
});
