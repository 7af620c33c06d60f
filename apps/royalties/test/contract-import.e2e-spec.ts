import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Contract, contractCreate, contractList, userDelete, userReportCurrent } from '@countinghouse/client';
import {
  eventually,
  openMember,
  openTenant,
  type Platform,
  startProduct,
  type TestTenant,
} from '@countinghouse/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { kontorFile, nextUpload } from './kontor-file.js';

let platform: Platform;
let stranger: TestTenant;
let tenant: TestTenant;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  stranger = await openTenant(platform);
}, 60_000);
beforeEach(async () => {
  tenant = await openTenant(platform);
});
afterAll(() => platform?.stop(), 30_000);

const header = 'userId,scope,match,aliases,sharePercent,from,to';
const fileOf = (...lines: string[]): string => `${[header, ...lines].join('\n')}\n`;
const label = (match: string, more: { userId?: string; from?: string; to?: string } = {}): string =>
  [more.userId ?? tenant.memberId, 'label', match, '', '75', more.from ?? '', more.to ?? ''].join(',');

async function importFile(
  body: string | Buffer | FormData,
  { admin }: TestTenant = tenant,
  headers: Record<string, string> = {},
): Promise<{ response: Response; json: Refused }> {
  const sent = {
    authorization: admin.authorization,
    ...(!(body instanceof FormData) && { 'content-type': 'text/csv' }),
  };
  const response = await fetch(`${platform.url}/royalties/contracts/import`, {
    method: 'POST',
    headers: { ...sent, ...headers },
    body: body as NonNullable<RequestInit['body']>,
  });
  return { response, json: (await response.json()) as Refused };
}
interface Refused {
  message: string;
  details: { field: string; message: string }[];
}

const contracts = async ({ admin }: TestTenant = tenant): Promise<{ total: number; items: Contract[] }> =>
  (await contractList({ client: admin.client, query: { size: 100 }, throwOnError: true })).data;

describe('a file of contracts', () => {
  it('becomes one contract for each line, in the file’s order', async () => {
    const { response, json } = await importFile(
      fileOf(
        `${tenant.memberId},label,Polar Records,Polar|Polar Rec.,62.125,202401,202501`,
        `${tenant.memberId},release,4260123459598,,100,,`,
        `${tenant.memberId},track,DE-A62-25-00001,DEA622500002,0.0001,202401,`,
      ),
    );
    expect([response.status, json]).toEqual([201, { imported: 3 }]);
    const owner = { id: expect.any(Number), userId: tenant.memberId, createdAt: expect.any(String) };
    expect((await contracts()).items).toEqual([
      {
        ...owner,
        scope: 'label',
        match: 'Polar Records',
        aliases: ['Polar', 'Polar Rec.'],
        sharePercent: 62.125,
        from: '202401',
        to: '202501',
      },
      { ...owner, scope: 'release', match: '4260123459598', aliases: [], sharePercent: 100, from: null, to: null },
      {
        ...owner,
        scope: 'track',
        match: 'DE-A62-25-00001',
        aliases: ['DEA622500002'],
        sharePercent: 0.0001,
        from: '202401',
        to: null,
      },
    ]);
  });

  it('finds the lines that nobody owned', async () => {
    const upload = nextUpload();
    const statement = await tenant.admin.uploaded(upload, kontorFile([{ label: 'Späte Label', royalties: '10,00' }]));
    expect(statement.lines).toMatchObject({ accepted: 0, unmatched: 1 });
    await importFile(fileOf(label('Someone else'), label('SPÄTE LABEL')));
    await eventually(async () => {
      const query = { distributor: 'KONTOR' };
      const { data } = await userReportCurrent({ client: tenant.member.client, query, throwOnError: true });
      expect(data).toMatchObject([{ totalRoyalties: 7.5, debitState: 'PENDING' }]);
    });
  }, 60_000);

  it.each<[string, (content: string) => Promise<{ response: Response }>]>([
    [
      'as the field of a form',
      (content) => {
        const form = new FormData();
        form.set('file', new Blob([content]), 'contracts.csv');
        return importFile(form);
      },
    ],
    ['gzip-encoded', (content) => importFile(gzipSync(content), tenant, { 'content-encoding': 'gzip' })],
    ['packed', (content) => importFile(gzipSync(content))],
    ['from a spreadsheet', (content) => importFile(`\uFEFF${content.replaceAll(',', ';').replaceAll('\n', '\r\n')}`)],
  ])('may come %s', async (_, send) => {
    expect((await send(fileOf(label('Größe')))).response.status).toBe(201);
    expect((await contracts()).items).toMatchObject([{ match: 'Größe' }]);
  });

  it('may be long', async () => {
    const lines = Array.from({ length: 3_000 }, (_, at) => label(`Label ${at}`));
    const { json } = await importFile(fileOf(...lines));
    expect(json).toEqual({ imported: 3_000 });
    expect((await contracts()).total).toBe(3_000);
  });
});

describe('a file of contracts is refused as a whole', () => {
  it('with 400 that names each line that is wrong', async () => {
    const { response, json } = await importFile(
      fileOf(label('Right'), 'nobody,label,A,,101,,', label('Right too', { from: '202401', to: '202401' }), 'x'),
    );
    expect(response.status).toBe(400);
    expect(json.message).toContain('There are 4 problems, so nothing was imported. line 3, userId');
    expect(json.details.map(({ field }) => field)).toEqual([
      'line 3, userId',
      'line 3, sharePercent',
      'line 4, to',
      'line 5',
    ]);
    expect((await contracts()).total).toBe(0);
  });

  it.each<[string, string, string]>([
    ['no file', '', 'is empty'],
    ['no lines', `${header}\n`, 'no lines'],
    ['another column', `${header},note\n`, 'no column "note"'],
  ])('with 400 for %s', async (_, content, complaint) => {
    const { response, json } = await importFile(content);
    expect([response.status, json.message]).toEqual([400, expect.stringContaining(complaint)]);
  });

  it('with 404 that names each line whose user is unknown, deleted or somebody else’s', async () => {
    const { id: deleted } = await openMember(platform.url, tenant.admin);
    await userDelete({ client: tenant.admin.client, path: { id: deleted }, throwOnError: true });
    const users = [randomUUID(), tenant.memberId, deleted, stranger.memberId];
    const file = fileOf(...users.map((userId, at) => label(`${at}`, { userId })));
    const details = [2, 4, 5].map((line) => ({ field: `line ${line}, userId`, message: 'User not found' }));
    // The deletion takes a moment to be heard of.
    await eventually(async () => {
      const { response, json } = await importFile(file);
      expect([response.status, json.details]).toEqual([404, details]);
    });
    expect((await contracts()).total).toBe(0);
  });

  it('with 409 that names what overlaps, in the file and among the contracts that are there', async () => {
    const body = { userId: tenant.memberId, scope: 'label' as const, match: 'Taken', sharePercent: '50', to: '202501' };
    const { data: taken } = await contractCreate({ client: tenant.admin.client, body, throwOnError: true });
    const { response, json } = await importFile(
      fileOf(
        label('Twice', { to: '202401' }),
        label('TAKEN', { from: '202412', to: '202501' }),
        label('Taken', { from: '202501', to: '202502' }),
        label(' twice', { from: '202312' }),
      ),
    );
    expect(response.status).toBe(409);
    expect(json.details).toEqual([
      { field: 'line 3', message: expect.stringContaining(`Contract ${taken.id} owns label "Taken"`) },
      { field: 'line 5', message: 'line 2 owns label "Twice" in an overlapping time' },
    ]);
    expect((await contracts()).total).toBe(1);
  });

  it('with 403 for a member', async () => {
    expect((await importFile(fileOf(), { ...tenant, admin: tenant.member })).response.status).toBe(403);
  });
});

describe('an imported file', () => {
  it('is imported once, however often its idempotency key comes', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const file = fileOf(label('Once'));
    const first = await importFile(file, tenant, key);
    const again = await importFile(gzipSync(file), tenant, key);
    expect([first, again].map(({ response, json }) => [response.status, json])).toEqual([
      [201, { imported: 1 }],
      [201, { imported: 1 }],
    ]);
    expect(again.response.headers.get('idempotency-replayed')).toBe('true');
    expect((await importFile(fileOf(label('Another')), tenant, key)).response.status).toBe(422);
    expect((await contracts()).total).toBe(1);
  });

  it('is imported once when it comes several times at once', async () => {
    const file = fileOf(label('One'), label('Two'));
    const statuses = await Promise.all([1, 2, 3, 4].map(async () => (await importFile(file)).response.status));
    expect(statuses.toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
    expect((await contracts()).total).toBe(2);
  });

  it('belongs to its tenant alone', async () => {
    await importFile(fileOf(label('Ours')));
    expect((await importFile(fileOf(label('Ours', { userId: stranger.memberId })), stranger)).json).toEqual({
      imported: 1,
    });
    expect((await contracts()).total).toBe(1);
  });
});
