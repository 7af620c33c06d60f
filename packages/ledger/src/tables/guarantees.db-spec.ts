import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { EntityManager } from 'typeorm';
import { payment, testLedger, type TestLedger } from '../../test/ledger.js';
import { reversalOf } from '../journal.js';
import { bookJournals } from './book-journals.js';
import { foldMovements } from './movement-folding.js';
import { getJournal } from './journal.query.js';
import { closeMonth } from './periods.js';

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await testLedger();
});
afterAll(() => ledger?.stop());

/** Rows as no code of ours would write them; the service's role may insert what it likes. */
interface RawJournal {
  key: string;
  postings?: number;
  reverses?: number;
  kind?: string;
  book?: string;
}

const insertJournal = async (manager: EntityManager, { key, postings = 2, ...more }: RawJournal): Promise<number> => {
  const [{ id }] = await manager.query(
    `INSERT INTO journal (tenant_id, book, kind, key, payload_hash, occurred_on, booked_on, booked_at, postings, reverses)
     VALUES (1, $4, $5, $1, 'hash', '2026-02-03', '2026-02-03', now(), $2, $3) RETURNING id`,
    [key, postings, more.reverses ?? null, more.book ?? 'main', more.kind ?? 'payment'],
  );
  return id;
};

type Line = readonly [number: number, account: string, amount: string, currency?: string];

const insertPostings = (manager: EntityManager, journalId: number, lines: readonly Line[], bookedOn = '2026-02-03') =>
  manager.query(
    `INSERT INTO posting (tenant_id, journal_id, number, account, currency, amount, booked_on)
     SELECT 1, $1, number, account, currency, amount, $6
     FROM unnest($2::integer[], $3::text[], $4::text[], $5::numeric[]) AS line (number, account, currency, amount)`,
    [
      journalId,
      lines.map(([number]) => number),
      lines.map(([, account]) => account),
      lines.map(([, , , currency]) => currency ?? 'EUR'),
      lines.map(([, , amount]) => amount),
      bookedOn,
    ],
  );

const raw = (journal: RawJournal, lines: readonly Line[], bookedOn?: string): Promise<number> =>
  ledger.transactions.inTenant(1, async (manager) => {
    const id = await insertJournal(manager, journal);
    if (lines.length > 0) await insertPostings(manager, id, lines, bookedOn);
    return id;
  });

const balanced: readonly Line[] = [
  [1, 'cash', '-25'],
  [2, 'revenue', '25'],
];

const refused = async (work: Promise<unknown>, constraint: string) => {
  await expect(work).rejects.toThrow(expect.objectContaining({ driverError: expect.objectContaining({ constraint }) }));
};

describe('the database takes', () => {
  it('a journal whose postings sum to zero in each currency, however many decimals they have', async () => {
    await raw({ key: 'fine', postings: 4 }, [
      [1, 'cash', '-0.00000000000000000000000000033'],
      [2, 'revenue', '0.00000000000000000000000000033'],
      [3, 'cash', '8.5', 'JPY'],
      [4, 'revenue', '-8.50', 'JPY'],
    ]);
  });
});

describe('the database refuses', () => {
  it.each<[string, readonly Line[]]>([
    [
      'off by the smallest part',
      [
        [1, 'cash', '-25'],
        [2, 'revenue', '25.00000000000000000000000001'],
      ],
    ],
    [
      'balanced only across currencies',
      [
        [1, 'cash', '-25'],
        [2, 'revenue', '25', 'USD'],
      ],
    ],
  ])('a journal that is %s', async (name, lines) => {
    await refused(raw({ key: name }, lines), 'posting_of_balanced_journal');
  });

  it.each<[string, number, readonly Line[], string]>([
    ['without postings', 2, [], 'journal_has_its_postings'],
    ['with fewer postings than it says', 3, balanced, 'posting_of_balanced_journal'],
    [
      'with more postings than it says',
      2,
      [...balanced, [3, 'expense', '1'], [4, 'returns', '-1']],
      'posting_of_balanced_journal',
    ],
    [
      'with a gap in the numbers',
      2,
      [
        [1, 'cash', '-25'],
        [3, 'revenue', '25'],
      ],
      'posting_of_balanced_journal',
    ],
    [
      'with two postings to an account',
      3,
      [
        [1, 'cash', '-20'],
        [2, 'cash', '-5'],
        [3, 'revenue', '25'],
      ],
      'posting_of_account',
    ],
    ['with a posting of zero', 3, [...balanced, [3, 'expense', '0']], 'posting_amount_check'],
    [
      'with no number',
      2,
      [
        [1, 'cash', 'NaN'],
        [2, 'revenue', 'NaN'],
      ],
      'posting_amount_check',
    ],
    [
      'with infinite postings',
      2,
      [
        [1, 'cash', '-Infinity'],
        [2, 'revenue', 'Infinity'],
      ],
      'posting_amount_check',
    ],
  ])('a journal %s', async (name, postings, lines, constraint) => {
    await refused(raw({ key: name, postings }, lines), constraint);
  });

  it('postings of another day than their journal', async () => {
    await refused(raw({ key: 'other day' }, balanced, '2026-02-04'), 'posting_of_balanced_journal');
  });

  it('postings in two statements, be they balanced in the end', async () => {
    const work = ledger.transactions.inTenant(1, async (manager) => {
      const id = await insertJournal(manager, { key: 'piecemeal', postings: 4 });
      await insertPostings(manager, id, balanced);
      await insertPostings(manager, id, [
        [3, 'expense', '1'],
        [4, 'returns', '-1'],
      ]);
    });
    await refused(work, 'posting_of_balanced_journal');
  });

  it.each<[string, readonly Line[], string]>([
    [
      'further numbers',
      [
        [3, 'expense', '1'],
        [4, 'returns', '-1'],
      ],
      'posting_of_balanced_journal',
    ],
    [
      'the same numbers',
      [
        [1, 'expense', '1'],
        [2, 'returns', '-1'],
      ],
      'posting_pkey',
    ],
  ])('postings that come after their journal was booked, with %s', async (name, lines, constraint) => {
    const id = await raw({ key: `late: ${name}` }, balanced);
    await refused(
      ledger.transactions.inTenant(1, (manager) => insertPostings(manager, id, lines)),
      constraint,
    );
  });

  it('postings without a journal', async () => {
    const work = ledger.transactions.inTenant(1, (manager) => insertPostings(manager, 4_711_000, balanced));
    await refused(work, 'posting_of_balanced_journal');
  });

  it.each(['journal', 'posting'])('changes of a %s, from the service and from its owner', async (table) => {
    await raw({ key: `kept ${table}` }, balanced);
    for (const change of [`UPDATE ${table} SET booked_on = booked_on`, `DELETE FROM ${table}`]) {
      await expect(ledger.transactions.inTenant(1, (manager) => manager.query(change))).rejects.toThrow(
        'permission denied',
      );
      await expect(ledger.asOwner(change)).rejects.toThrow('What is booked stays as it is');
    }
    await expect(ledger.asOwner(`TRUNCATE ${table} CASCADE`)).rejects.toThrow('What is booked stays as it is');
  });

  it('changes also of a superuser whose session fires no triggers', async () => {
    await raw({ key: 'kept for good' }, balanced);
    const superuser = new Client({ connectionString: ledger.database.adminUrl });
    await superuser.connect();
    await superuser.query(`SET session_replication_role = replica`);
    await expect(superuser.query(`DELETE FROM posting`)).rejects.toThrow('What is booked stays as it is');
    await superuser.end();
  });

  it.each(['movement', 'turnover', 'balance'])('a %s that the service writes by itself', async (table) => {
    const work = ledger.transactions.inTenant(1, (manager) => manager.query(`DELETE FROM ${table}`));
    await expect(work).rejects.toThrow('permission denied');
  });
});

it('lets the service’s role use none of its functions but to lock and to fold', async () => {
  const executable = await ledger.asOwner(
    `SELECT proname FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND proname ~ 'turns|closed_month|postings|movements|ledger'
       AND has_function_privilege('ledger', oid, 'EXECUTE') ORDER BY proname`,
  );
  expect(executable).toEqual([{ proname: 'fold_movements' }, { proname: 'ledger_lock' }]);
});

describe('a reversal', () => {
  const mirror: readonly Line[] = [
    [1, 'cash', '25'],
    [2, 'revenue', '-25'],
  ];

  it('is the exact mirror of its original', async () => {
    const original = await raw({ key: 'original' }, balanced);
    await raw({ key: 'its mirror', reverses: original }, mirror);
  });

  it.each<[string, Partial<RawJournal>, readonly Line[]]>([
    [
      'of another amount',
      {},
      [
        [1, 'cash', '24'],
        [2, 'revenue', '-24'],
      ],
    ],
    [
      'of another account',
      {},
      [
        [1, 'cash', '25'],
        [2, 'returns', '-25'],
      ],
    ],
    [
      'of another currency',
      {},
      [
        [1, 'cash', '25', 'USD'],
        [2, 'revenue', '-25', 'USD'],
      ],
    ],
    ['that repeats it', {}, balanced],
    ['with more in it', { postings: 4 }, [...mirror, [3, 'expense', '1'], [4, 'returns', '-1']]],
    ['of another kind', { kind: 'fee' }, mirror],
    ['in another book', { book: 'branch' }, mirror],
  ])('is refused when it is one %s', async (name, more, lines) => {
    const original = await raw({ key: `original for one ${name}` }, balanced);
    await refused(raw({ key: name, reverses: original, ...more }, lines), 'posting_mirrors_original');
  });

  it('is refused when it is the second, and when its original is another tenant’s', async () => {
    const original = await raw({ key: 'reversed once' }, balanced);
    await raw({ key: 'first', reverses: original }, mirror);
    await refused(raw({ key: 'second', reverses: original }, mirror), 'journal_reversed_once');
    const [foreign] = await ledger.transactions.inTenant(2, (manager) =>
      bookJournals(manager, 2, [payment('foreign', '25')]),
    );
    await refused(raw({ key: 'across tenants', reverses: foreign!.id }, mirror), 'journal_reverses');
  });

  it('is refused before the day of its original', async () => {
    const { id } = await ledger.transactions.inTenant(1, async (manager) => {
      const [booked] = await bookJournals(manager, 1, [payment('march', '25', { bookedOn: '2026-03-01' })]);
      return booked!;
    });
    const original = await ledger.transactions.read(1, (manager) => getJournal(manager, 1, id));
    const early = { ...reversalOf(original, { key: 'early', bookedOn: '2026-03-01' }), bookedOn: '2026-02-28' };
    await refused(
      ledger.transactions.inTenant(1, (manager) => bookJournals(manager, 1, [early])),
      'posting_mirrors_original',
    );
  });
});

describe('tenants', () => {
  it('see nothing of each other, in any table or view, and a role without a tenant sees nothing at all', async () => {
    await ledger.transactions.inTenant(3, async (manager) => {
      await bookJournals(manager, 3, [payment('mine', '25')]);
      await closeMonth(manager, 3, '2020-01');
    });
    await foldMovements(ledger.dataSource);
    await ledger.transactions.inTenant(3, (manager) => bookJournals(manager, 3, [payment('not folded yet', '25')]));
    for (const table of [
      'journal',
      'posting',
      'period',
      'movement',
      'turnover',
      'balance',
      'account_balance',
      'account_turnover',
    ]) {
      const rowsOf = (tenantId: number) =>
        ledger.transactions.read(tenantId, (manager) => manager.query(`SELECT FROM ${table}`));
      expect(await rowsOf(3)).not.toHaveLength(0);
      expect(await rowsOf(4)).toHaveLength(0);
      expect(await ledger.dataSource.query(`SELECT FROM ${table}`)).toHaveLength(0);
    }
  });

  it('cannot book into each other’s ledger', async () => {
    const work = ledger.transactions.inTenant(4, (manager) => bookJournals(manager, 3, [payment('smuggled', '25')]));
    await expect(work).rejects.toThrow('row-level security');
  });
});
