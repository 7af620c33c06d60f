import { randomUUID } from 'node:crypto';
import { type Answer, eventually, openMember, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EarningsPublisher } from './earnings-publisher.js';

let platform: Platform;
let publisher: EarningsPublisher;
let ada: string;
let bob: string;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  publisher = await EarningsPublisher.open(platform);
  ada = publisher.tenant.memberId;
  bob = (await openMember(platform.url, publisher.admin, { firstName: 'Bob' })).id;
}, 90_000);
afterAll(async () => {
  await publisher?.close();
  await platform?.stop();
}, 30_000);

const halves = () => [
  { userId: ada, share: '50' },
  { userId: bob, share: '50' },
];
const create = (split: object): Promise<Answer> =>
  publisher.admin.post('/split', { name: 'Album', scope: { isrc: 'DKABC2500009' }, shares: halves(), ...split });
const created = async (split: object): Promise<number> => {
  const { status, json, text } = await create(split);
  expect([status, text]).toEqual([201, expect.anything()]);
  return (json as { id: number }).id;
};
const ids = async (query: string): Promise<number[]> =>
  ((await publisher.admin.get(`/split?${query}`)).json as { items: { id: number }[] }).items.map(({ id }) => id);

describe('POST /split', () => {
  it('answers the split as it is kept', async () => {
    const conditions = [{ mode: 'include', territories: ['DK', 'SE'], dsps: ['Spotify'], usageTypes: ['stream'] }];
    const split = {
      name: 'Night Owls',
      scope: { isrc: 'DK-ABC-25-00010', artist: 'The Night Owls' },
      startDate: '2025-01-01',
      endDate: '2026-01-01',
      conditions,
      shares: [
        { userId: ada.toUpperCase(), share: '33.3333' },
        { userId: bob, share: '66.6667' },
      ],
    };
    const { status, json } = await create(split);
    expect([status, json]).toEqual([
      201,
      {
        ...split,
        id: expect.any(Number),
        shares: [
          { userId: ada, share: 33.3333 },
          { userId: bob, share: 66.6667 },
        ],
        active: true,
        createdAt: expect.stringMatching(/Z$/),
        updatedAt: expect.stringMatching(/Z$/),
      },
    ]);
    const { id } = json as { id: number };
    expect(await publisher.admin.get(`/split/${id}`)).toMatchObject({ status: 200, json });
  });

  it.each<[string, () => object, number, string]>([
    ['shares below 100', () => ({ shares: [{ userId: ada, share: '99.9999' }] }), 400, 'Split shares must total 100%'],
    [
      'shares above 100',
      () => ({ shares: [...halves(), { userId: publisher.tenant.memberId, share: '0.0001' }] }),
      400,
      'has two shares',
    ],
    [
      'a user twice, however written',
      () => ({ shares: [halves()[0], { userId: ada.toUpperCase(), share: '50' }] }),
      400,
      'has two shares',
    ],
    [
      'a share of nothing',
      () => ({
        shares: [
          { userId: ada, share: '100' },
          { userId: bob, share: '0' },
        ],
      }),
      400,
      'shares.1.share',
    ], // prettier-ignore
    ['a share of five decimals', () => ({ shares: [{ userId: ada, share: '99.99999' }] }), 400, 'shares.0.share'],
    ['no shares', () => ({ shares: [] }), 400, 'shares'],
    ['an unknown user', () => ({ shares: [{ userId: randomUUID(), share: '100' }] }), 422, 'is not of this tenant'],
    ['no scope', () => ({ scope: {} }), 400, 'scope must have one of isrc, upc, artist, label'],
    ['a scope that says nothing', () => ({ scope: { artist: '  ' } }), 400, 'scope.artist'],
    ['no ISRC', () => ({ scope: { isrc: 'DKABC25' } }), 400, 'scope.isrc is no ISRC'],
    ['no UPC', () => ({ scope: { upc: '4006381333932' } }), 400, 'scope.upc is no UPC'],
    [
      'an end before its start',
      () => ({ startDate: '2025-02-01', endDate: '2025-02-01' }),
      400,
      'endDate must be after',
    ],
    ['a day that there is not', () => ({ startDate: '2025-02-30' }), 400, 'startDate'],
    ['a condition about nothing', () => ({ conditions: [{ mode: 'include' }] }), 400, 'conditions.0 must have'],
    ['an empty list', () => ({ conditions: [{ mode: 'exclude', dsps: [] }] }), 400, 'conditions.0.dsps'],
    ['an unknown use', () => ({ conditions: [{ mode: 'exclude', usageTypes: ['radio'] }] }), 400, 'usageTypes'],
    ['an unknown field', () => ({ percentage: '50' }), 400, 'percentage is not a known field'],
  ])('refuses %s', async (_, wrong, status, said) => {
    const answer = await create(wrong());
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(said)]);
  });

  it('refuses a user who was deleted', async () => {
    const gone = await openMember(platform.url, publisher.admin);
    expect(await publisher.admin.delete(`/user/${gone.id}`)).toMatchObject({ status: 204 });
    await eventually(async () =>
      expect(await create({ shares: [{ userId: gone.id, share: '100' }] })).toMatchObject({ status: 422 }),
    );
  });

  it('is for admins, and of one’s own tenant', async () => {
    const id = await created({ scope: { label: 'Own' } });
    const stranger = await EarningsPublisher.open(platform);
    for (const path of ['/split', `/split/${id}`, '/split/coverage?isrc=DKABC2500009']) {
      expect([path, (await publisher.tenant.member.get(path)).status]).toEqual([path, 403]);
    }
    expect(await stranger.admin.get(`/split/${id}`)).toMatchObject({ status: 404 });
    expect(await stranger.admin.delete(`/split/${id}`)).toMatchObject({ status: 404 });
    expect(await stranger.admin.put(`/split/${id}`, {})).toMatchObject({ status: 400 });
    await stranger.close();
  });
});

describe('two splits with nothing to choose between them', () => {
  it('are refused when they are saved, and when one is made active again', async () => {
    const scope = { artist: 'Tied' };
    const first = await created({ scope, name: 'First' });
    const tied = await create({ scope: { artist: ' TIED ' } });
    expect([tied.status, tied.text]).toEqual([409, expect.stringContaining(`Split ${first} \\"First\\"`)]);
    expect(await publisher.admin.delete(`/split/${first}`)).toMatchObject({ status: 200, json: { active: false } });
    expect(await publisher.admin.delete(`/split/${first}`)).toMatchObject({ status: 200, json: { active: false } });
    const second = await created({ scope, name: 'Second' });
    const again = { scope, name: 'First', shares: halves() };
    const back = await publisher.admin.put(`/split/${first}`, { ...again, active: true });
    expect([back.status, back.text]).toEqual([409, expect.stringContaining(`Split ${second} \\"Second\\"`)]);
    expect(await publisher.admin.put(`/split/${first}`, { ...again, active: false })).toMatchObject({ status: 200 });
    expect(await publisher.admin.put(`/split/${first}`, { ...again, startDate: '2025-01-01' })).toMatchObject({
      status: 200,
      json: { active: true, startDate: '2025-01-01' },
    });
  });

  it('may have conditions that no row meets both of, and may not have ones that some row does', async () => {
    const scope = { label: 'Conditions' };
    const only = (...territories: string[]) => [{ mode: 'include', territories }];
    await created({ scope, conditions: only('DK', 'SE') });
    expect(await create({ scope, conditions: only('SE', 'NO') })).toMatchObject({ status: 409 });
    await created({ scope, conditions: only('NO') });
    await created({ scope, conditions: [{ mode: 'exclude', territories: ['DK', 'SE', 'NO'] }] });
  });

  it('are not both saved when they come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => create({ scope: { artist: 'At once' } })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409, 409, 409]);
  });
});

it('lists splits by user and by scope, however codes and names are written', async () => {
  const { id: carl } = await openMember(platform.url, publisher.admin);
  const id = await created({
    scope: { isrc: 'DKABC2500077', upc: '4006381333931', artist: 'Straße', label: 'Polar Records' },
    shares: [{ userId: carl, share: '100' }],
  });
  const ways = [
    `userId=${carl}`,
    'isrc=dk-abc-25-00077',
    'upc=0004006381333931',
    'artist=STRASSE',
    'label=polar%20%20records',
  ];
  for (const way of ways) expect([way, await ids(way)]).toEqual([way, [id]]);
  expect(await ids(`userId=${carl}&isrc=DKABC2500001`)).toEqual([]);
  expect(await publisher.admin.get('/split?size=101')).toMatchObject({ status: 400 });
  expect(await publisher.admin.get('/split?size=1&page=2')).toMatchObject({ status: 200, json: { page: 2 } });
});

it('says which split would decide, and why no other', async () => {
  const scope = { label: 'Matching' };
  const wide = await created({ scope, name: 'wide' });
  const later = await created({ scope, name: 'later', startDate: '2025-06-01' });
  const danish = await created({ scope, name: 'danish', conditions: [{ mode: 'include', territories: ['DK'] }] });
  const ended = await created({ scope, name: 'ended', startDate: '2024-01-01', endDate: '2025-01-01' });
  const match = async (more: object) =>
    (await publisher.admin.post('/split/match', { label: 'MATCHING', date: '2025-07-01', ...more })).json;
  expect(await match({ territory: 'DK' })).toMatchObject({
    split: { id: danish },
    others: [
      { splitId: later, reason: `applies, but split ${danish} has conditions` },
      { splitId: wide, reason: `applies, but split ${danish} has conditions` },
      { splitId: ended, reason: 'ended before 2025-01-01' },
    ],
  });
  expect(await match({ territory: 'SE' })).toMatchObject({ split: { id: later } });
  // The first day that is no longer covered is not covered.
  expect(await match({ territory: 'SE', date: '2025-01-01' })).toMatchObject({ split: { id: wide } });
  expect(await match({ territory: 'SE', date: '2024-12-01' })).toMatchObject({ split: { id: ended } });
  expect(await match({ label: 'Nobody' })).toMatchObject({
    split: null,
    reason: 'no split applies; everything goes to the owner of the line',
    others: [],
  });
  expect(await publisher.admin.post('/split/match', { date: '2025-07-01' })).toMatchObject({ status: 400 });
});

it('shows which split applies when, and the gaps', async () => {
  const scope = { isrc: 'DKABC2500088' };
  const first = await created({ scope, endDate: '2025-03-01' });
  const second = await created({
    scope,
    startDate: '2025-06-01',
    conditions: [{ mode: 'include', territories: ['DK'] }],
  });
  expect(await publisher.admin.get('/split/coverage?isrc=dkabc2500088')).toMatchObject({
    status: 200,
    json: {
      periods: [
        { from: null, to: '2025-03-01', splits: [{ id: first }], hasGap: false },
        { from: '2025-03-01', to: '2025-06-01', splits: [], hasGap: true },
        { from: '2025-06-01', to: null, splits: [{ id: second }], hasGap: true },
      ],
    },
  });
  expect(await publisher.admin.get('/split/coverage')).toMatchObject({ status: 400 });
  expect(await publisher.admin.get('/split/coverage?isrc=DKABC2500088&upc=4006381333931')).toMatchObject({
    status: 400,
  });
});

it('moves what was earned when splits are made, changed and deactivated, by themselves', async () => {
  const scope = { label: 'Moving' };
  const before = await publisher.gross();
  const moved = async () => {
    await publisher.settled();
    const now = await publisher.gross();
    return [ada, bob].map((id) => Number(now[id] ?? 0) - Number(before[id] ?? 0));
  };
  await publisher.publish([publisher.row({ label: 'MOVING', amount: '8' })]);
  expect(await moved()).toEqual([8, 0]);
  const id = await created({ scope });
  expect(await moved()).toEqual([4, 4]);
  await publisher.admin.put(`/split/${id}`, { name: 'All to Bob', scope, shares: [{ userId: bob, share: '100' }] });
  expect(await moved()).toEqual([0, 8]);
  await publisher.admin.put(`/split/${id}`, { name: 'Renamed', scope, shares: [{ userId: bob, share: '100' }] });
  await publisher.admin.delete(`/split/${id}`);
  expect(await moved()).toEqual([8, 0]);
  const { json } = await publisher.admin.get(`/accounting/${bob}/ledger`);
  expect(json).toMatchObject({
    items: [4, 4, -8].map((amount) => ({ kind: 'adjustment', source: 'changed splits', amount })),
  });
  expect(await publisher.recalculated()).toBe(0);
});
