import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { BackOffice, polarFile } from './back-office.js';
import { nextUpload } from './kontor-file.js';
import { fileTexts } from './report-files.js';
import { jobsEnded } from './royalties-database.js';

let office: BackOffice;
let root: string;

beforeAll(async () => {
  office = await BackOffice.open();
  root = join(office.platform.home, 'objects', `${office.tenant.id}`);
}, 60_000);

afterAll(() => office?.close(), 30_000);

const objects = async (folder = ''): Promise<string[]> => {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => relative(root, join(parentPath, name))).toSorted();
};

const put = async (...keys: string[]): Promise<void> => {
  for (const key of keys) {
    await mkdir(dirname(join(root, key)), { recursive: true });
    await writeFile(join(root, key), 'nobody wants this');
  }
};

const noted = (): Promise<{ key: string }[]> =>
  office.database.query('SELECT key FROM unreferenced_object WHERE tenant_id = $1', [office.tenant.id]);

const sendSweep = async (): Promise<void> => {
  const { id } = office.tenant;
  await office.database.query(`INSERT INTO job (tenant_id, name, subject, data) VALUES ($1, 'object-sweep', $2, $3)`, [
    id,
    `${id}`,
    { tenantId: id },
  ]);
};

const sweep = async (): Promise<void> => {
  await sendSweep();
  await office.jobsEnded();
};

/** As if what is noted had been noted so long ago. */
const age = (time: string): Promise<unknown> =>
  office.database.query('UPDATE unreferenced_object SET since = since - $1::interval', [time]);

it('takes what nothing has referred to for a week, and nothing else', async () => {
  const { admin, member } = office.tenant;
  const query = nextUpload();
  const { id } = await admin.uploaded(query, polarFile('1'));
  const report = await office.onlyReport();
  await fileTexts(member, report.id, '?delimiter=semicolon');
  expect((await member.get(`/royalties/reports/${report.id}/statement.pdf`)).status).toBe(200);
  const earlier = (await objects()).filter((key) => key.startsWith(`reports/${report.id}/1/`));
  expect(earlier).toHaveLength(13);

  const supplement = await admin.uploaded(`${query}&mode=supplement`, polarFile('2'));
  await fileTexts(member, report.id, '?delimiter=semicolon');
  const pdf = await member.get(`/royalties/reports/${report.id}/statement.pdf`);
  const stray = ['uploads/royalties/never-registered', `statements/${id}/lines-overtaken.duckdb`, 'statements/9/x.csv'];
  const foreign = ['uploads/other/somebody-elses', 'other/x', 'reports.csv'];
  await put(...stray, ...foreign);
  const before = await objects();

  await sweep();
  await age('6 days 23 hours');
  await sweep();
  expect(await objects()).toEqual(before);
  expect((await noted()).map(({ key }) => relative(`${office.tenant.id}`, key)).toSorted()).toEqual(
    [...earlier, ...stray].toSorted(),
  );
  await age('1 hour');
  await sweep();
  const swept = new Set([...earlier, ...stray]);
  expect(await objects()).toEqual(before.filter((key) => !swept.has(key)));
  expect(await noted()).toEqual([]);

  expect(await office.totals()).toEqual([1.5]);
  await office.files(await office.onlyReport());
  await fileTexts(member, report.id, '?delimiter=semicolon');
  expect((await member.get(`/royalties/reports/${report.id}/statement.pdf`)).text).toBe(pdf.text);
  expect((await admin.get(`/royalties/statements/${id}/rejected.csv`)).status).toBe(200);
  await office.void(supplement.id);
  await office.files(await office.onlyReport());
});

it('keeps what is still unmatched, and takes the file that it was in before it was matched', async () => {
  const { admin } = office.tenant;
  const { id } = await admin.uploaded(nextUpload(), polarFile('4').replaceAll('Polar', 'Late'));
  const [suspended] = (await objects(`statements/${id}`)).filter((key) => key.includes('/suspense-'));
  await sweep();
  await age('30 days');
  await sweep();
  await office.own('Late Records');
  await office.jobsEnded();
  expect(await office.statement(id)).toMatchObject({ lines: { accepted: 1, unmatched: 0 } });
  await sweep();
  expect(await objects()).toContain(suspended);
  await age('7 days');
  await sweep();
  expect(await objects()).not.toContain(suspended);
  await office.files(await office.onlyReport());
});

it('begins the week again for what was referred to in between', async () => {
  const { id } = await office.tenant.admin.uploaded(nextUpload(), polarFile('8'));
  const [{ lines_key: key }] = await office.database.query('SELECT lines_key FROM statement WHERE id = $1', [id]);
  await office.database.query(`INSERT INTO unreferenced_object VALUES ($1, $2, '2026-01-01')`, [office.tenant.id, key]);
  await sweep();
  expect(await noted()).not.toContainEqual({ key });
  expect(await objects()).toContain(relative(`${office.tenant.id}`, key));
});

it('leaves nothing behind when its process is killed', async () => {
  const stray = Array.from({ length: 3_000 }, (_, at) => `uploads/royalties/${at}`);
  await put(...stray);
  await sweep();
  await age('8 days');
  const left = async () => (await objects('uploads/royalties')).filter((key) => stray.includes(key)).length;
  await sendSweep();
  while ((await left()) === stray.length) await delay(1);
  await office.platform.kill('royalties');
  await office.platform.restart('royalties');
  while ((await left()) > 0) await delay(20);
  await office.jobsEnded();
  expect(await noted()).toEqual([]);
});

it('comes once a day to every tenant', async () => {
  const { database, platform, stranger } = office;
  const isDue = async (): Promise<boolean> => {
    const due: { id: number }[] = await database.query(`SELECT object_sweeps_due('1 day') AS id`);
    return due.some(({ id }) => id === stranger.id);
  };
  await database.query('DELETE FROM job WHERE tenant_id = $1', [stranger.id]);
  expect(await isDue()).toBe(true);
  await platform.kill('royalties');
  await platform.restart('royalties');
  while (await isDue()) await delay(20);
  await jobsEnded(database, stranger.id);
  await database.query(`UPDATE job SET created_at = created_at - interval '1 day' WHERE tenant_id = $1`, [stranger.id]);
  expect(await isDue()).toBe(true);
});
