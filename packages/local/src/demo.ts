import { openAsBlob, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { enterAccounting, settleAccounts } from './demo-accounting.js';
import { type Api, loginAt } from './demo-api.js';
import { type DemoMemory, openMemory, remember } from './demo-memory.js';
import {
  type Catalogue,
  keyOf,
  type Member,
  type Person,
  pollMs,
  queryOf,
  type Report,
  type Stage,
  type StatementFile,
  until,
} from './demo-stage.js';

export { isDemoBegun } from './demo-memory.js';

export interface DemoOptions {
  /** Where the gateway answers. */
  url: string;
  adminEmail: string;
  adminPassword: string;
  /** Directory that remembers the demo's passwords in `demo.json`. */
  home: string;
  log: (line: string) => void;
}

export interface DemoLogin {
  name: string;
  email: string;
  password: string;
}

export interface DemoResult {
  tenantId: number;
  admin: DemoLogin;
  members: DemoLogin[];
  /** A report that was just computed, and whose it is. */
  report: { id: number; distributor: string; owner: DemoLogin };
}

interface Statement {
  state: string;
  progress: number;
  currency: string;
  lines: { read: number; accepted: number; rejected: number; unmatched: number };
  net: string;
  royalties: string;
  error: string | null;
}

const samples = new URL('../../../samples/', import.meta.url);

/**
 * Fills a fresh installation through its public API alone: a tenant, its people, who owns what and who shares in it,
 * statements, and what was paid. What was begun before a crash is carried on, and nothing is made twice; a finished demo
 * is only looked up.
 */
export const loadDemo = async ({ url, adminEmail, adminPassword, home, log }: DemoOptions): Promise<DemoResult> => {
  const catalogue = JSON.parse(readFileSync(new URL('catalogue.json', samples), 'utf8')) as Catalogue;
  const people = [catalogue.admin, ...catalogue.members];
  const memory = openMemory<DemoResult>(
    home,
    people.map(({ email }) => email),
  );
  if (memory.result) return memory.result;

  const [admin, ...members] = people.map((person) => loginOf(person, memory)) as [DemoLogin, ...DemoLogin[]];
  const platform = await loginAt(url, { email: adminEmail, password: adminPassword });
  const tenantId = await createTenant(platform, catalogue, memory);
  const api = await loginAt(url, { email: admin.email, password: admin.password, tenantId });
  const stage: Stage = { url, tenantId, catalogue, memory, log, api, userIds: new Map() };

  await api(`/tenant/${tenantId}`, { body: catalogue.settings, method: 'PATCH' });
  const userIds = await Promise.all(catalogue.members.map((member) => createMember(stage, member)));
  catalogue.members.forEach(({ email }, at) => stage.userIds.set(email, userIds[at]!));
  log(`${catalogue.tenant.name}: ${members.length} labels and artists with their contracts`);
  await enterAccounting(stage);
  await Promise.all(catalogue.statements.map((statement) => bookStatement(stage, statement)));

  const reports = await Promise.all(members.map((owner, at) => showReports(stage, owner, userIds[at]!)));
  const report = reports.flat()[0];
  if (report === undefined) throw new Error('The demo statements are booked, but nobody has a report');
  await settleAccounts(stage);
  await waitForFiles(stage, report.id);
  return remember(home, memory, { tenantId, admin, members, report });
};

const loginOf = ({ firstName, lastName, email }: Person, { passwords }: DemoMemory<unknown>): DemoLogin => ({
  name: `${firstName} ${lastName}`,
  email,
  password: passwords[email]!,
});

const createTenant = async (api: Api, { tenant, admin }: Catalogue, memory: DemoMemory<unknown>): Promise<number> => {
  const body = { ...tenant, admin: { ...admin, password: memory.passwords[admin.email] } };
  const { id } = await api<{ id: number }>('/tenant', { body, idempotencyKey: keyOf(memory, 'tenant') });
  return id;
};

const createMember = async ({ api, memory }: Stage, { contracts, ...person }: Member): Promise<string> => {
  const body = { ...person, password: memory.passwords[person.email], roles: ['member'] };
  const { id } = await api<{ id: string }>('/user', { body, idempotencyKey: keyOf(memory, 'user', person.email) });
  for (const [at, contract] of contracts.entries()) {
    const idempotencyKey = keyOf(memory, 'contract', person.email, String(at));
    await api('/royalties/contracts', { body: { userId: id, ...contract }, idempotencyKey });
  }
  return id;
};

const bookStatement = async (stage: Stage, { distributor, reportingMonth, file }: StatementFile): Promise<void> => {
  const { api, memory, log } = stage;
  const { id } = await api<{ id: number }>(`/royalties/statements?${queryOf({ distributor, reportingMonth })}`, {
    body: await openAsBlob(new URL(file, samples), { type: 'text/csv' }),
    idempotencyKey: keyOf(memory, 'statement', file),
  });
  const { lines, net, royalties, currency } = await waitForStatement(stage, id, file);
  log(
    `${file}: ${lines.read} lines read, ${lines.accepted} accepted, ${lines.rejected} rejected, ${lines.unmatched} unmatched; net ${net} ${currency}, royalties ${royalties} ${currency}`,
  );
};

const waitForStatement = async ({ api, log }: Stage, id: number, file: string): Promise<Statement> => {
  for (let shown = ''; ; await sleep(pollMs)) {
    const statement = await api<Statement>(`/royalties/statements/${id}`);
    const { state, progress, error } = statement;
    if (state === 'completed') return statement;
    if (state === 'failed' || state === 'voided') throw new Error(`${file} is ${state}: ${error ?? 'no reason given'}`);
    if (state !== shown) log(`${file}: ${state}, ${progress} %`);
    shown = state;
  }
};

const showReports = async (
  { api, catalogue, log }: Stage,
  owner: DemoLogin,
  userId: string,
): Promise<DemoResult['report'][]> => {
  const found = await Promise.all(
    catalogue.statements.map(async ({ distributor }) => {
      const query = queryOf({ distributor, userId });
      const reports = await api<Report[]>(`/financial/reports/user-reports/current?${query}`);
      return reports.map((report) => ({ ...report, distributor, owner }));
    }),
  );
  const reports = found.flat();
  const earned = reports.map(
    ({ id, ...report }) => `${report.distributor} ${report.totalRoyalties} ${report.currency} (report ${id})`,
  );
  if (earned.length > 0) log(`${owner.name} earned ${earned.join(', ')}`);
  return reports.map(({ id, distributor }) => ({ id, distributor, owner }));
};

const waitForFiles = async ({ api }: Stage, reportId: number): Promise<void> => {
  const path = `/financial/reports/user-reports/download/options/${reportId}`;
  const areMade = async () => !Object.values(await api<Record<string, string | null>>(path)).includes(null);
  await until(areMade, `The files of report ${reportId} are not made after a minute`);
};
