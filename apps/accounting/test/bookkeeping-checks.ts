import { sum } from '@countinghouse/money';
import { expect } from '@jest/globals';
import type { BookkeepingActions } from './bookkeeping-actions.js';
import type { EarningsPublisher } from './earnings-publisher.js';

/** All that must hold whenever nothing is left to do. */
export async function expectAsTheModel(publisher: EarningsPublisher, doing: BookkeepingActions): Promise<void> {
  await publisher.settled();
  expect(await publisher.gross()).toEqual(doing.model.gross());
  expect(await totalsOf(publisher)).toEqual(doing.model.totals());
  await expectSoundBook(publisher, doing.paid);
}

/** What the service keeps by month, store and country, in the form of the model. */
async function totalsOf(publisher: EarningsPublisher) {
  const rows = await publisher.sql<{ of: string; sums: Record<string, string> }[]>(
    `SELECT concat_ws(' ', user_id, dimension, key) AS of, json_build_object(
       'streams', trim_scale(streams)::text, 'streamsRoyalty', trim_scale(streams_royalty)::text,
       'downloads', trim_scale(downloads)::text, 'downloadsRoyalty', trim_scale(downloads_royalty)::text,
       'royalty', trim_scale(royalty)::text) AS sums
     FROM royalty_total WHERE tenant_id = $1`,
  );
  return new Map(rows.map(({ of, sums }) => [of, sums]));
}

interface Balance {
  id: string;
  Gross: number;
  Net: number;
  Paid: number;
  Due: number;
}

/** The book adds up, and what people see of it. */
async function expectSoundBook(publisher: EarningsPublisher, paid: ReadonlyMap<string, bigint>): Promise<void> {
  const { admin } = publisher;
  const { json: reconciliation } = await admin.get('/accounting/reconciliation');
  expect(reconciliation).toMatchObject({ postingsSum: 0, unallocated: 0 });
  const unbalanced = `
    SELECT journal_id FROM posting WHERE tenant_id = $1 GROUP BY journal_id, currency HAVING sum(amount) <> 0`;
  expect(await publisher.sql(unbalanced)).toEqual([]);
  const { Users } = (await admin.get('/accounting/getcurrentdue?size=100')).json as { Users: Balance[] };
  for (const { id, Gross, Net, Paid, Due } of Users) {
    expect([id, Paid]).toEqual([id, Number(paid.get(id) ?? 0n) / 100]);
    expect(Net).toBe(Gross);
    expect(Number(sum([`${Net}`, `${-Paid}`]))).toBe(Due);
  }
}
