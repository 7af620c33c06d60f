import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BackOffice, messageOf, polarFile } from './back-office.js';
import { type KontorLine, kontorFile, lastMonth, nextUpload } from './kontor-file.js';
import { csvRows } from './report-files.js';

let office: BackOffice;

beforeAll(async () => {
  office = await BackOffice.open();
}, 60_000);

afterAll(() => office?.close(), 30_000);

describe('a further file for a month', () => {
  it('is refused without a mode, with the statements that are there and what could be done', async () => {
    const query = nextUpload();
    const first = await office.tenant.admin.uploaded(query, polarFile('1'));
    const refused = await office.tenant.admin.upload(query, polarFile('2'));
    expect([refused.status, messageOf(refused)]).toEqual([
      409,
      `Statement ${first.id} is here already for KONTOR ${lastMonth()}, with other content: upload this file with mode=supplement to add it to what is there, or with mode=replace to put it in its place`,
    ]);
    const second = await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('2'));
    expect(messageOf(await office.tenant.admin.upload(query, polarFile('3')))).toContain(
      `Statements ${first.id}, ${second.id} are here already`,
    );
    expect((await office.tenant.admin.upload(`${query}&mode=add`, polarFile('3'))).json).toMatchObject({
      statusCode: 400,
      details: [{ field: 'mode' }],
    });
  });

  it('with mode=supplement adds its lines', async () => {
    const query = nextUpload();
    const first = await office.tenant.admin.uploaded(query, polarFile('1'));
    await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('2', '0,02'));
    expect(await office.totals()).toEqual([1.51]);
    expect(await office.rows(await office.onlyReport())).toEqual([
      ['0.5', '2'],
      ['1', '2'],
      ['0.01', '2'],
    ]);
    expect((await office.statement(first.id)).state).toBe('completed');
  });

  it('with mode=replace takes the place of everything that is there', async () => {
    const query = nextUpload();
    const old = [
      await office.tenant.admin.uploaded(
        query,
        kontorFile([{ royalties: '1' }, { label: 'Other Records', royalties: '8' }]),
      ),
      await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('2')),
    ];
    const replacement = await office.tenant.admin.uploaded(`${query}&mode=replace`, polarFile('6'));
    expect(replacement.state).toBe('completed');
    for (const { id } of old) {
      expect(await office.statement(id)).toMatchObject({
        state: 'voided',
        voidReason: `Replaced by statement ${replacement.id}`,
      });
    }
    expect([await office.totals(), await office.totals(office.other.api)]).toEqual([[3], [0]]);
    expect(await office.rows(await office.onlyReport())).toEqual([['3', '2']]);
    expect(csvRows((await office.files((await office.reports(office.other.api))[0]!, office.other.api)).full)).toEqual(
      [],
    );
  });

  it('with mode=replace leaves what is there when it fails', async () => {
    const query = nextUpload();
    const { id } = await office.tenant.admin.uploaded(query, polarFile('1'));
    const failed = await office.tenant.admin.uploaded(`${query}&mode=replace`, polarFile('1.234'));
    expect(failed.state).toBe('failed');
    expect((await office.statement(id)).state).toBe('completed');
    expect(await office.totals()).toEqual([0.5]);
  });

  it('with mode=replace is one step for readers: a paid month is adjusted once', async () => {
    const query = nextUpload();
    await office.tenant.admin.uploaded(query, polarFile('4'));
    const paid = await office.onlyReport();
    await office.pay(paid.id);
    await office.tenant.admin.uploaded(`${query}&mode=replace`, polarFile('10'));
    const [, further] = await office.reports();
    expect(further).toMatchObject({ totalRoyalties: 3, adjusts: paid.id });
    expect(await office.rows(further!)).toEqual([
      ['-2', '-2'],
      ['5', '2'],
    ]);
  });

  it('of the same bytes as one that is there is that one, whatever the mode', async () => {
    const query = nextUpload();
    const { id } = await office.tenant.admin.uploaded(query, polarFile('1'));
    const other = await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('2'));
    for (const mode of ['', '&mode=supplement', '&mode=replace']) {
      const { status, json } = await office.tenant.admin.upload(query + mode, polarFile('1'));
      expect([status, json]).toMatchObject([200, { id, duplicate: true, state: 'completed' }]);
    }
    expect((await office.statement(other.id)).state).toBe('completed');
    expect(await office.totals()).toEqual([1.5]);
  });

  it('may say a mode when it is the first', async () => {
    for (const mode of ['supplement', 'replace']) {
      const { state } = await office.tenant.admin.uploaded(`${nextUpload()}&mode=${mode}`, polarFile('1'));
      expect([state, await office.totals()]).toEqual(['completed', [0.5]]);
    }
  });
});

describe('a declared total', () => {
  const lines: KontorLine[] = [{ royalties: '1,25' }, { royalties: '-0,05' }, { label: 'Nobody’s', royalties: '3,1' }];

  it.each(['4.3', '4.300', '4.300000000000000'])(
    'of %s is what accepted and unmatched lines must sum up to',
    async (total) => {
      const { state } = await office.tenant.admin.uploaded(`${nextUpload()}&declaredTotal=${total}`, kontorFile(lines));
      expect(state).toBe('completed');
    },
  );

  it.each(['4.31', '4.300000000000001', '-4.3', '0'])('of %s fails a statement that sums up to 4.3', async (total) => {
    const { state, error } = await office.tenant.admin.uploaded(
      `${nextUpload()}&declaredTotal=${total}`,
      kontorFile(lines),
    );
    expect([state, error]).toEqual([
      'failed',
      expect.stringContaining(`sum up to 4.3 EUR, but declaredTotal is ${total}`),
    ]);
    expect(await office.totals()).toEqual([]);
  });

  it.each(['', '4,3', '1e3', '4.3000000000000001', 'all'])('cannot be "%s"', async (total) => {
    const answer = await office.tenant.admin.upload(`${nextUpload()}&declaredTotal=${total}`, kontorFile(lines));
    expect([answer.status, answer.json]).toMatchObject([400, { details: [{ field: 'declaredTotal' }] }]);
  });
});
