import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  contractCreate,
  type CreateLayout,
  layoutCreate,
  layoutDelete,
  layoutGet,
  layoutList,
  userReportCurrent,
} from '@countinghouse/client';
import { openTenant, type Platform, startProduct, type TestTenant } from '@countinghouse/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { knownDistributors } from '../src/layouts/index.js';
import { openRoyaltiesDatabase } from './royalties-database.js';

let platform: Platform;
let database: DataSource;
let tenant: TestTenant;
let stranger: TestTenant;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  database = await openRoyaltiesDatabase(platform);
  [tenant, stranger] = await Promise.all([openTenant(platform), openTenant(platform)]);
}, 60_000);
afterAll(async () => {
  await database?.destroy();
  await platform?.stop();
}, 30_000);

let names = 0;
const nextName = (): string => `OWN-${++names}`;
const builtIn = knownDistributors();

const plain = {
  months: ['YYYY-MM'],
  columns: { salesMonth: 'Month', label: 'Label', quantity: 'Units', net: 'Amount' },
  usage: {},
};
const make = async (name = nextName(), layout: object = plain, { admin }: TestTenant = tenant): Promise<string> => {
  await layoutCreate({ client: admin.client, body: { name, layout } as CreateLayout, throwOnError: true });
  return name;
};

/** What the API document shows to people who write a layout. */
async function documentedExample(): Promise<CreateLayout> {
  const document = await readFile(new URL('../../../packages/client/openapi.json', import.meta.url), 'utf8');
  const { CreateLayout } = JSON.parse(document).components.schemas;
  const { name, layout } = CreateLayout.properties;
  return { name: name.example, layout: layout.example };
}

describe('a layout of one’s own', () => {
  it('is answered as it was made, and its files go all the way to a report', async () => {
    const example = await documentedExample();
    const { data, response } = await layoutCreate({ client: tenant.admin.client, body: example });
    expect(response?.status).toBe(201);
    expect(data).toEqual({ name: example.name, builtIn: false, layouts: [example.layout] });
    const path = { name: example.name };
    expect((await layoutGet({ client: tenant.admin.client, path })).data).toEqual(data);

    const contract = { userId: tenant.memberId, scope: 'label' as const, match: 'Polar Records', sharePercent: '50' };
    await contractCreate({ client: tenant.admin.client, body: contract, throwOnError: true });
    const file = [
      'Statement of My Distributor',
      'Amount;Units;Kind;ISRC;Track;Release;Artist;Label;Territory;Shop;Month',
      '12,50;3;Stream;DEA622500001;Snow;Winter;Ada;Polar Records;Germany;Spotify;2025-07',
      '-0,25;-1;Download;;Snow;Winter;Ada;POLAR records;FR;Apple Music;31.05.2025',
      'x;1;Stream;;Snow;Winter;Ada;Polar Records;DE;Spotify;2025-07',
      ...Array.from({ length: 18 }, () => '1,00;1;Stream;;Ice;Winter;Ben;Nobody;DE;Spotify;2025-07'),
      'Total;12,25',
    ].join('\r\n');
    const statement = await tenant.admin.uploaded(`distributor=${example.name}&reportingMonth=202508`, file);
    expect(statement).toMatchObject({
      state: 'completed',
      currency: 'EUR',
      lines: { read: 21, accepted: 2, rejected: 1, unmatched: 18 },
      net: 30.25,
      royalties: 6.125,
    });
    const rejected = await tenant.admin.get(`/royalties/statements/${statement.id}/rejected.csv`);
    expect(rejected.text).toContain('5,Amount,"""x""');
    const query = { distributor: example.name };
    const { data: reports } = await userReportCurrent({ client: tenant.member.client, query, throwOnError: true });
    expect(reports).toMatchObject([{ distributor: example.name, reportingMonth: '202508', totalRoyalties: 6.125 }]);
  }, 60_000);

  it('may be what a built-in one is, under another name', async () => {
    const { data: kontor } = await layoutGet({ client: tenant.admin.client, path: { name: 'KONTOR' } });
    expect(kontor).toMatchObject({ name: 'KONTOR', builtIn: true, layouts: [{ columns: { net: 'Royalties' } }] });
    const name = await make(nextName(), kontor!.layouts[0]);
    expect((await layoutGet({ client: tenant.admin.client, path: { name } })).data).toEqual({
      ...kontor,
      name,
      builtIn: false,
    });
  });

  it('is listed behind the built-in ones, by name, page by page', async () => {
    const owner = await openTenant(platform);
    for (const name of ['ZULU', 'ALPHA', 'A-1']) await make(name, plain, owner);
    const list = async (query: { page?: number; size?: number }) =>
      (await layoutList({ client: owner.admin.client, query, throwOnError: true })).data;
    const all = await list({});
    expect(all).toMatchObject({ total: builtIn.length + 3, page: 1, totalPages: 1 });
    expect(all.items.map(({ name }) => name)).toEqual([...builtIn, 'A-1', 'ALPHA', 'ZULU']);
    expect(all.items.map((item) => item.builtIn)).toEqual([...builtIn.map(() => true), false, false, false]);
    const pages = await Promise.all([1, 2, 3, 4, 5].map((page) => list({ page, size: 3 })));
    expect(pages.flatMap(({ items }) => items)).toEqual(all.items);
    expect(pages.map(({ totalPages }) => totalPages)).toEqual([4, 4, 4, 4, 4]);
  });

  it('is made once, however often its idempotency key comes', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = { name: nextName(), layout: plain };
    const first = await tenant.admin.post('/royalties/layouts', body, key);
    const again = await tenant.admin.post('/royalties/layouts', body, key);
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });
});

/** Right in every part, and longer than files have columns for. */
const long = { ...plain, alsoNumbers: Array.from({ length: 400 }, (_, at) => `${at} ${'x'.repeat(180)}`) };

describe('a layout is refused', () => {
  it.each<[string, object]>([
    ['name', { name: 'my label' }],
    ['name', { name: 'constructor' }],
    ['layout', { layout: [] }],
    ['layout', { layout: undefined }],
    ['layout.months', { layout: { ...plain, months: [] } }],
    ['layout.columns.net', { layout: { ...plain, columns: { ...plain.columns, net: undefined } } }],
    ['layout.columns.nett', { layout: { ...plain, columns: { ...plain.columns, nett: 'Amount' } } }],
    [
      'layout.columns.country',
      { layout: { ...plain, columns: { ...plain.columns, country: { constant: 'Nowhere' } } } },
    ],
    ['layout.distributor', { layout: { ...plain, distributor: 'KONTOR' } }],
    ['layout.skipLines', { layout: { ...plain, skipLines: -1 } }],
    ['layout', { layout: long }],
    ['owner', { owner: 'me' }],
  ])('with 400 that names %s: %#', async (field, changes) => {
    const { status, json } = await tenant.admin.post('/royalties/layouts', {
      name: nextName(),
      layout: plain,
      ...changes,
    });
    expect([status, json]).toMatchObject([400, { details: [{ field, message: expect.stringContaining(field) }] }]);
  });

  it('with 409 under a name that is built in or taken', async () => {
    const taken = await make();
    for (const [name, complaint] of [
      ['KONTOR', 'KONTOR is built in'],
      [taken, `There is a layout ${taken} already`],
    ] as const) {
      const body = { name, layout: plain } as CreateLayout;
      const { response, error } = await layoutCreate({ client: tenant.admin.client, body });
      expect([response?.status, error?.message]).toEqual([409, expect.stringContaining(complaint)]);
    }
  });
});

describe('a deleted layout', () => {
  const upload = (name: string, month: string, api = tenant.admin) =>
    api.upload(
      `distributor=${name}&reportingMonth=${month}&currency=EUR`,
      'Month,Label,Units,Amount\n2025-07,A,1,2.5\n',
    );
  const remove = async (name: string) =>
    (await layoutDelete({ client: tenant.admin.client, path: { name } })).response?.status;

  /** A statement that no job works on. */
  const unfinishedStatement = async (distributor: string, sourceKey = 'nowhere'): Promise<number> => {
    const [{ id }] = await database.query(
      `INSERT INTO statement (tenant_id, distributor, reporting_month, source_key, sha256, bytes, state, created_at)
       VALUES ($1, $2, '202508', $3, $4, 1, 'received', now()) RETURNING id`,
      [tenant.id, distributor, sourceKey, randomUUID()],
    );
    return Number(id);
  };

  it('is gone, its name is free, and files of it are refused with the names that are known', async () => {
    const [name, other] = [await make(), await make()];
    expect(await remove(name)).toBe(204);
    expect(await remove(name)).toBe(404);
    expect((await layoutGet({ client: tenant.admin.client, path: { name } })).response?.status).toBe(404);
    const { status, json } = await upload(name, '202508');
    const { message } = json as { message: string };
    expect([status, json]).toMatchObject([400, { details: [{ field: 'distributor' }] }]);
    expect(message).toMatch(/^distributor must be one of APPLE, BELIEVE, .*, TUNECORE, /);
    expect(message.split(', ')).toContain(other);
    expect(message.split(', ')).not.toContain(name);
    await make(name);
  });

  it('leaves the reports that came of it', async () => {
    const name = await make();
    const contract = { userId: tenant.memberId, scope: 'label' as const, match: 'A', sharePercent: '100' };
    await contractCreate({ client: tenant.admin.client, body: contract, throwOnError: true });
    const current = async () => {
      const { response, data, error } = await userReportCurrent({
        client: tenant.member.client,
        query: { distributor: name },
      });
      return [response?.status, data ?? error?.message];
    };
    expect(await current()).toEqual([200, []]);
    const { id } = (await upload(name, '202508')).json as { id: number };
    expect(await tenant.admin.settled(id)).toMatchObject({ state: 'completed', lines: { accepted: 1 } });
    expect(await current()).toMatchObject([200, [{ totalRoyalties: 2.5 }]]);
    expect(await remove(name)).toBe(204);
    expect(await current()).toMatchObject([200, [{ totalRoyalties: 2.5 }]]);
    const { response, data } = await userReportCurrent({
      client: tenant.admin.client,
      query: { distributor: name },
    });
    expect([response?.status, data]).toEqual([200, []]);
    expect(
      (await stranger.admin.get(`/financial/reports/user-reports/current?distributor=${name}`)).json,
    ).toMatchObject({
      statusCode: 400,
      message: 'Distributor parameter is required',
    });
  }, 60_000);

  it('was in nobody’s use: built-in ones and those of unfinished statements cannot be deleted', async () => {
    expect(await remove('KONTOR')).toBe(409);
    const name = await make();
    const id = await unfinishedStatement(name);
    const { response, error } = await layoutDelete({ client: tenant.admin.client, path: { name } });
    expect([response?.status, error?.message]).toEqual([409, expect.stringContaining(`Statement ${id} is still`)]);
    await database.query(`UPDATE statement SET state = 'failed', error = 'in a test' WHERE id = $1`, [id]);
    expect(await remove(name)).toBe(204);
  });

  it('fails a statement whose file was not read yet, in words', async () => {
    const id = await unfinishedStatement('GONE');
    const [{ source_key: stored }] = await database.query(
      `SELECT source_key FROM statement WHERE tenant_id = $1 AND source_key <> 'nowhere' LIMIT 1`,
      [tenant.id],
    );
    await database.query(`UPDATE statement SET source_key = $2 WHERE id = $1`, [id, stored]);
    await database.query(`INSERT INTO job (tenant_id, name, subject, data) VALUES ($1, 'statement', $2, $3)`, [
      tenant.id,
      `${id}`,
      { tenantId: tenant.id, statementId: id },
    ]);
    expect(await tenant.admin.settled(id)).toMatchObject({
      state: 'failed',
      error: 'The layout GONE was deleted before the file was read; make it again, then upload the file again',
    });
  }, 60_000);
});

describe('layouts are the admin’s', () => {
  it('of their tenant: another’s are not there', async () => {
    const name = await make();
    const { client } = stranger.admin;
    expect((await layoutGet({ client, path: { name } })).response?.status).toBe(404);
    expect((await layoutDelete({ client, path: { name } })).response?.status).toBe(404);
    expect((await layoutList({ client, throwOnError: true })).data.total).toBe(builtIn.length);
    const upload = await stranger.admin.upload(`distributor=${name}&reportingMonth=202508`, 'Month,Label\n');
    expect(upload.status).toBe(400);
    expect(upload.text).not.toContain(`${name},`);
    await make(name, plain, stranger);
    expect((await layoutGet({ client: tenant.admin.client, path: { name } })).response?.status).toBe(200);
  });

  it('and no member’s', async () => {
    const { member } = tenant;
    const answers = await Promise.all([
      member.post('/royalties/layouts', { name: nextName(), layout: plain }),
      member.get('/royalties/layouts'),
      member.get('/royalties/layouts/KONTOR'),
      member.delete('/royalties/layouts/KONTOR'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });
});
