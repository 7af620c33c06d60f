import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, openTenant, type Platform, startProduct, type TestTenant } from '@countinghouse/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { kontorFile } from '../../test/kontor-file.js';
import { jobsEnded, openRoyaltiesDatabase } from '../../test/royalties-database.js';

let platform: Platform;
let database: DataSource;
let tenant: TestTenant;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  database = await openRoyaltiesDatabase(platform);
}, 60_000);

afterAll(async () => {
  await database?.destroy();
  await platform?.stop();
}, 30_000);

beforeEach(async () => {
  tenant = await openTenant(platform);
});

/** Uploads a file of one line for each label, each worth 2 EUR. */
const upload = async (...labels: string[]): Promise<{ id: number }> => uploadFor('202508', labels);

const uploadFor = async (month: string, labels: string[]): Promise<{ id: number }> => {
  const file = kontorFile(labels.map((label) => ({ label, royalties: '2,00' })));
  const { json } = await tenant.admin.upload(`distributor=KONTOR&reportingMonth=${month}`, file);
  return json as { id: number };
};

const own = async (match: string) => {
  const contract = { userId: tenant.memberId, scope: 'label', match, sharePercent: '50' };
  expect(await tenant.admin.post('/royalties/contracts', contract)).toMatchObject({ status: 201 });
};

/** As after a crash when all of a job was done but noting its end. */
const runJobAgain = async (name: string) => {
  const [, repeated] = await database.query(
    `UPDATE job SET state = 'waiting', finished_at = NULL, failures = 3
     WHERE id = (SELECT id FROM job WHERE tenant_id = $1 AND name = $2 ORDER BY id DESC LIMIT 1)`,
    [tenant.id, name],
  );
  expect(repeated).toBe(1);
};

interface Report {
  id: number;
  totalRoyalties: number;
}

const onlyReport = async (): Promise<Report> => {
  const { json } = await tenant.member.get('/financial/reports/user-reports/current?distributor=KONTOR');
  expect(json).toHaveLength(1);
  return (json as [Report])[0];
};

/** The lines of the report's full file once it is there, without the header. */
const linesOf = ({ id }: Report, delimiter: 'comma' | 'semicolon'): Promise<string[]> =>
  eventually(async () => {
    const options = `/financial/reports/user-reports/download/options/${id}?delimiter=${delimiter}`;
    const { fullCatalog } = (await tenant.member.get(options)).json as { fullCatalog: string | null };
    expect(fullCatalog).not.toBeNull();
    return (await tenant.member.get(fullCatalog!)).text.trimEnd().split('\r\n').slice(1);
  });

it('keeps the lines of a late match whose job is run again', async () => {
  const { id } = await upload('Owned late', 'Owned by nobody');
  await tenant.admin.settled(id);
  await own('Owned late');
  await jobsEnded(database, tenant.id);
  await runJobAgain('match-suspense');
  await jobsEnded(database, tenant.id);

  const report = await onlyReport();
  expect(report).toMatchObject({ totalRoyalties: 1 });
  expect(await linesOf(report, 'semicolon')).toHaveLength(1);
}, 30_000);

it('makes the files of a late match after a crash, also when nothing is in suspense any more', async () => {
  const { id } = await upload('Owned late');
  await tenant.admin.settled(id);
  await own('Owned late');
  await jobsEnded(database, tenant.id);
  await database.query('UPDATE user_report SET comma_files_revision = NULL WHERE tenant_id = $1', [tenant.id]);
  await runJobAgain('match-suspense');

  expect(await linesOf(await onlyReport(), 'comma')).toHaveLength(1);
  expect(await tenant.admin.settled(id)).toMatchObject({ lines: { accepted: 1, unmatched: 0 } });
}, 30_000);

it('matches the lines of the other statements when those of one cannot be read', async () => {
  const broken = await uploadFor('202506', ['Owned late']);
  const whole = await uploadFor('202507', ['Owned late']);
  for (const { id } of [broken, whole]) await tenant.admin.settled(id);
  const [{ suspense_key: lost }] = await database.query('SELECT suspense_key FROM statement WHERE id = $1', [
    broken.id,
  ]);
  await rm(join(platform.home, 'objects', lost));
  await own('Owned late');

  await eventually(async () =>
    expect(await tenant.admin.settled(whole.id)).toMatchObject({ lines: { accepted: 1, unmatched: 0 } }),
  );
  expect(await linesOf(await onlyReport(), 'comma')).toHaveLength(1);
}, 30_000);

it('never calls a statement failed whose lines are booked, since it could then be uploaded again', async () => {
  await own('Owned at once');
  const folder = join(platform.home, 'objects', `${tenant.id}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'reports'), 'in the way of the folder');
  const { id } = await upload('Owned at once');

  const jobs = (state: string): Promise<{ failures: number }[]> =>
    database.query(`SELECT failures FROM job WHERE tenant_id = $1 AND name = 'statement' AND state = $2`, [
      tenant.id,
      state,
    ]);
  await eventually(async () => expect((await jobs('waiting'))[0]?.failures).toBeGreaterThan(0));
  await database.query(
    `UPDATE job SET failures = 3, run_at = now() WHERE tenant_id = $1 AND name = 'statement' AND state = 'waiting'`,
    [tenant.id],
  );
  await eventually(async () => expect(await jobs('failed')).toHaveLength(1));
  expect(await upload('Owned at once')).toMatchObject({ id, duplicate: true });

  await rm(join(folder, 'reports'));
  expect(await tenant.admin.settled(id)).toMatchObject({ state: 'completed' });
  const report = await onlyReport();
  expect(report).toMatchObject({ totalRoyalties: 1 });
  expect(await linesOf(report, 'comma')).toHaveLength(1);
}, 60_000);
