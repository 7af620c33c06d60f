// What the lists and totals of entries cost with few and with many of them, on a real PostgreSQL under row-level security.
//
//   npm run build -w @countinghouse/accounting && node apps/accounting/bench/lists.mjs [--entries 5000000] [--plans]
import { parseArgs } from 'node:util';
import { migrate, openDatabase, Transactions } from '@countinghouse/service';
import { startProduct, testDatabase } from '@countinghouse/testing';
import { Client } from 'pg';
import { figuresOf, totalBalances, userBalances } from '../dist/balances/balances.query.js';
import { migrations } from '../dist/database/migrations/index.js';
import { entriesPage } from '../dist/entries/entries.query.js';
import { transactionMonths, transactionTotals } from '../dist/transactions/transactions.query.js';

const { values: options } = parseArgs({
  options: {
    entries: { type: 'string', default: '5000000' },
    users: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '30' },
    plans: { type: 'boolean', default: false },
  },
});
const users = Number(options.users);
const sizes = [50_000, Number(options.entries)];
const user = (tenant, at) =>
  `0198c0de-0000-7000-8000-${String(tenant).padStart(2, '0')}${String(at).padStart(10, '0')}`;

/** Three years of entries of all users: half payments, some of them voided; expenses, revenues, and answered requests. */
const fill = async (owner, tenant, entries) => {
  const userOf = (at) => `('${user(tenant, 0).slice(0, -10)}' || lpad((${at})::text, 10, '0'))::uuid`;
  await owner.query(`
    INSERT INTO known_user (tenant_id, id, email, first_name, last_name, search_text, roles, deleted, version)
    SELECT ${tenant}, ${userOf('at')}, 'user' || at || '@test.example', 'User', at::text,
           'user ' || at || E'\\nuser' || at || '@test.example', '{member}', false, 1
    FROM generate_series(0, ${users} - 1) AS at`);
  await owner.query(`
    INSERT INTO entry (tenant_id, type, status, amount, currency, transaction_date, title, user_id, recoupable, created_at)
    SELECT ${tenant}, type,
           CASE WHEN type = 'paymentRequest' THEN CASE WHEN at >= ${entries} - 100 THEN 'open' ELSE 'approved' END
                WHEN at % 97 = 0 THEN 'voided' ELSE 'booked' END,
           1 + at % 89 + 0.25, 'EUR', date '2024-01-01' + (at * 1096::bigint / ${entries})::integer, 'Entry ' || at,
           CASE WHEN type <> 'revenue' THEN ${userOf(`at % ${users}`)} END,
           CASE WHEN type = 'expense' THEN true END, now()
    FROM generate_series(0, ${entries} - 1) AS at, LATERAL (
      SELECT (ARRAY['payment', 'payment', 'revenue', 'expense', 'payment', 'paymentRequest'])[1 + at % 6] AS type
    ) AS kind`);
  await owner.query(`
    INSERT INTO entry_total (tenant_id, day, type, status, entries, amount, is_folded)
    SELECT tenant_id, transaction_date, type, status, count(*), sum(amount), true
    FROM entry WHERE tenant_id = ${tenant} GROUP BY 1, 2, 3, 4`);
  await owner.query(`
    INSERT INTO balance (tenant_id, account, currency, kind, amount)
    SELECT ${tenant}, 'royalties-payable:' || ${userOf('at')}, 'EUR', kind, at * sign
    FROM generate_series(1, ${users} - 1) AS at,
         (VALUES ('earnings', -10), ('payment', 3), ('expense', 1)) AS kinds (kind, sign)`);
};

const first = { page: 1, size: 20 };
const list =
  (filter, page = first) =>
  (manager, tenant) =>
    entriesPage(manager, tenant, filter, page);
const due = (more) => (manager, tenant) =>
  userBalances(manager, tenant, { search: null, sort: 'due', order: 'DESC', ...first, ...more });
const reads = {
  'transactions, newest': list({}),
  'transactions, from the middle of a month to that of another': list({ start: '2024-05-10', end: '2026-02-11' }),
  'transactions of a day': list({ start: '2025-05-10', end: '2025-05-10' }),
  'transactions of a type': list({ type: 'expense' }),
  'transactions, page 500': list({}, { page: 500, size: 20 }),
  payments: list({ type: 'payment' }),
  'open payment requests': list({ type: 'paymentRequest', status: 'open' }),
  summary: transactionTotals,
  months: (manager, tenant) => transactionMonths(manager, tenant, {}),
  'months, cut at both ends': (manager, tenant) =>
    transactionMonths(manager, tenant, { start: '2024-05-10', stop: '2026-02-11' }),
  getcurrentdue: due({}),
  'getcurrentdue, searched': due({ search: 'user 77' }),
  gettotaldue: totalBalances,
  stats: (manager, tenant) => figuresOf(manager, tenant, user(tenant, 7)),
  'transactions of a user, who has more of them too': (manager, tenant) =>
    entriesPage(manager, tenant, { userId: user(tenant, 7) }, first),
};

const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const product = await startProduct({ services: [] });
const database = await testDatabase(
  'accounting',
  (urls) => migrate({ service: 'accounting', entities: [], migrations, ...urls }),
  product.superuserDatabaseUrl(),
);
const dataSource = await openDatabase({ service: 'accounting', entities: [], migrations, url: database.url });
const transactions = new Transactions(dataSource);
const owner = new Client({ connectionString: database.adminUrl });
await owner.connect();
try {
  for (const [at, entries] of sizes.entries())
    console.log(`${entries} entries: ${Math.round((await timed(() => fill(owner, at + 1, entries))) / 1000)} s`);
  await owner.query('VACUUM ANALYZE');
  const results = new Map(Object.keys(reads).map((what) => [what, sizes.map(() => [])]));
  for (let round = 0; round < Number(options.rounds); round++)
    for (const [what, read] of Object.entries(reads))
      for (const [at, times] of results.get(what).entries())
        times.push(await timed(() => transactions.read(at + 1, (manager) => read(manager, at + 1))));
  console.table(
    Object.keys(reads).map((what) => {
      const [small, large] = results.get(what).map((times) => Math.min(...times));
      return {
        what,
        [`${sizes[0]} (ms)`]: small.toFixed(2),
        [`${sizes[1]} (ms)`]: large.toFixed(2),
        ratio: (large / small).toFixed(2),
      };
    }),
  );
  if (options.plans) await plans();
} finally {
  await owner.end();
  await dataSource.destroy();
  await product.stop();
}

/** What PostgreSQL does for each read of the larger tenant. */
async function plans() {
  for (const [what, read] of Object.entries(reads))
    await transactions.read(2, async (manager) => {
      const explained = {
        query: async (sql, values) => {
          const plan = await manager.query(`EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF, TIMING OFF) ${sql}`, values);
          console.log(`\n— ${what}\n${plan.map((row) => row['QUERY PLAN']).join('\n')}`);
          return manager.query(sql, values);
        },
      };
      await read(explained, 2);
    });
}
