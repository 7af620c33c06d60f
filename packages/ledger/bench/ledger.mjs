// What a ledger costs at two sizes, on a real PostgreSQL: booking, and the reads that people wait for.
//
//   npm run build -w @countinghouse/ledger && node packages/ledger/bench/ledger.mjs [--postings 5000000] [--users 500]
import { parseArgs } from 'node:util';
import { migrate, openDatabase, Transactions } from '@countinghouse/service';
import { startProduct, testDatabase } from '@countinghouse/testing';
import { Client } from 'pg';
import { credit, debit, journal } from '../dist/index.js';
import {
  balance,
  balances,
  bookJournals,
  entries,
  foldMovements,
  ledgerFaults,
  ledgerTables,
  MovementFolding,
  trialBalance,
} from '../dist/tables/index.js';

const { values: options } = parseArgs({
  options: {
    postings: { type: 'string', default: '5000000' },
    users: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '30' },
  },
});
const chart = {
  cash: { class: 'asset' },
  'distributor-receivable': { class: 'asset' },
  'royalties-payable': { class: 'liability', per: 'user' },
};
const users = Array.from({ length: Number(options.users) }, (_, index) => `user-${index}`);
const payables = users.map((user) => `royalties-payable:${user}`);
const batchSize = 50_000;
const currency = 'EUR';

class Ledger1700000000000 {
  up = ledgerTables;
  async down() {}
}

/** The journals of a batch: earnings of all users over three years, every fifth a payment. */
const journalsOf = (from, until) =>
  Array.from({ length: until - from }, (_, index) => {
    const position = from + index;
    const payable = payables[position % payables.length];
    const month = Math.floor(position / payables.length) % 36;
    const day = (Math.floor(position / payables.length / 36) % 28) + 1;
    const occurredOn = `${2024 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    const amount = `${1 + (position % 97)}.3333333333333`;
    const isPayment = position % 5 === 0;
    return journal(chart, {
      kind: isPayment ? 'payment' : 'earnings',
      key: `${position}`,
      occurredOn,
      source: `statement ${month}`,
      postings: isPayment
        ? [debit(payable, currency, amount), credit('cash', currency, amount)]
        : [debit('distributor-receivable', currency, amount), credit(payable, currency, amount)],
    });
  });

const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const fill = async (tenantId, postings) => {
  const times = [];
  for (let from = 0; from < postings / 2; from += batchSize) {
    const journals = journalsOf(from, Math.min(from + batchSize, postings / 2));
    times.push(await timed(() => book(tenantId, journals)));
  }
  return times;
};
const book = (tenantId, journals) =>
  transactions.inTenant(tenantId, (manager) => bookJournals(manager, tenantId, journals), { statementTimeoutMs: 0 });

const last = { bookedOn: '2026-06-15', journalId: 0 };
const page = (account, more) => (manager, tenantId) =>
  entries(manager, tenantId, { account, currency, order: 'newest-first', limit: 20, ...more });
const reads = {
  'balances of all users': (manager, tenantId) => balances(manager, tenantId, payables),
  'balances of all users, in the middle of a month': (manager, tenantId) =>
    balances(manager, tenantId, payables, '2026-06-15'),
  'balance of cash': (manager, tenantId) => balance(manager, tenantId, { account: 'cash', currency }),
  'trial balance': (manager, tenantId) => trialBalance(manager, tenantId, chart),
  'trial balance of a month': (manager, tenantId) => trialBalance(manager, tenantId, chart, '2025-06'),
  'entries of a user, newest': page(payables[7]),
  'entries of a user, deep': page(payables[7], { after: last }),
  'entries of cash, newest': page('cash'),
  'entries of cash, deep': page('cash', { after: last }),
};

const product = await startProduct({ services: [] });
const migrations = { service: 'ledger', entities: [], migrations: [Ledger1700000000000] };
const database = await testDatabase(
  'ledger',
  (urls) => migrate({ ...migrations, ...urls }),
  product.superuserDatabaseUrl(),
);
const dataSource = await openDatabase({ ...migrations, url: database.url });
const transactions = new Transactions(dataSource);
const owner = new Client({ connectionString: database.ownerUrl });
await owner.connect();
const folding = new MovementFolding(dataSource);
folding.onApplicationBootstrap();
try {
  const sizes = [50_000, Number(options.postings)];
  for (const [index, postings] of sizes.entries()) {
    const times = await fill(index + 1, postings);
    console.log(
      `${postings} postings: first batch ${Math.round(times[0])} ms, median ${Math.round(median(times))} ms, last ${Math.round(times.at(-1))} ms`,
    );
  }
  await folding.beforeApplicationShutdown();
  let left = 0;
  for (let count; count !== 0; left += count) count = await foldMovements(dataSource);
  console.log(`${left} movements were not folded yet`);
  const again = journalsOf(0, batchSize);
  console.log(`booking 100000 postings again, to no effect: ${Math.round(await timed(() => book(2, again)))} ms`);
  // What autovacuum does within a minute or so.
  await owner.query('VACUUM ANALYZE');
  const results = new Map(Object.keys(reads).map((what) => [what, sizes.map(() => [])]));
  for (let round = 0; round < Number(options.rounds); round++)
    for (const [what, read] of Object.entries(reads))
      for (const [index, times] of results.get(what).entries()) {
        const tenantId = index + 1;
        times.push(await timed(() => transactions.read(tenantId, (manager) => read(manager, tenantId))));
      }
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
  const single = [];
  for (let index = 0; index < 200; index++) {
    const [one] = journalsOf(1e9 + index, 1e9 + index + 1);
    single.push(await timed(() => book(2, [one])));
  }
  console.log(`booking one journal: median ${median(single).toFixed(2)} ms`);
  const together = journalsOf(2e9, 2e9 + 2_000);
  const togetherMs = await timed(() =>
    Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let one = together.pop(); one; one = together.pop()) await book(2, [one]);
      }),
    ),
  );
  console.log(`ten at once, one journal each time: ${Math.round(2_000_000 / togetherMs)} journals/s`);
  let faults;
  const checkMs = await timed(async () => {
    faults = await transactions.read(2, (manager) => ledgerFaults(manager, 2), { statementTimeoutMs: 0 });
  });
  console.log(`checking the whole ledger: ${Math.round(checkMs)} ms, ${JSON.stringify(faults)}`);
} finally {
  await owner.end();
  await dataSource.destroy();
  await product.stop();
}
