import { DomainError } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import type { Journal } from '../journal.js';

/** What became of a journal that was to be booked. */
export interface Booked {
  id: number;
  /** May differ from that of the journal given, when it was booked before. */
  bookedOn: string;
  /** False when the key had been booked before, with the same content. */
  isNew: boolean;
}

interface Row {
  id: number;
  key: string;
  booked_on: string;
  payload_hash: string;
}

/**
 * Books journals with all their postings, in a number of statements that does not depend on how many there are. Answers
 * in their order. Within the transaction of whoever calls: all are booked, or none.
 *
 * @throws DomainError unprocessable for a key that was booked with another content; conflict for a journal that is
 * already reversed
 */
export const bookJournals = async (
  manager: EntityManager,
  tenantId: number,
  journals: readonly Journal[],
  bookedAt: Date = new Date(),
): Promise<Booked[]> => {
  if (journals.length === 0) return [];
  const drafts = [...new Map(journals.map((journal) => [journal.key, journal])).values()];
  const fresh = byKey(await insert(manager, tenantId, drafts, bookedAt));
  const known = fresh.size === drafts.length ? fresh : byKey(await findByKey(manager, tenantId, drafts, fresh));
  return journals.map((journal) => settled(journal, fresh.get(journal.key), known.get(journal.key)));
};

const byKey = (rows: Row[]): Map<string, Row> => new Map(rows.map((row) => [row.key, row]));

const settled = (journal: Journal, fresh: Row | undefined, known: Row | undefined): Booked => {
  const row = fresh ?? known;
  // Nothing was inserted and nothing has this key: what stood in the way is the other thing that is unique.
  if (!row) throw new DomainError('conflict', `Journal ${journal.reverses} is already reversed`);
  if (row.payload_hash !== journal.payloadHash)
    throw new DomainError('unprocessable', `${journal.key} was already booked with another content`);
  return { id: row.id, bookedOn: row.booked_on, isNew: row === fresh };
};

const findByKey = (
  manager: EntityManager,
  tenantId: number,
  drafts: readonly Journal[],
  fresh: ReadonlyMap<string, Row>,
): Promise<Row[]> =>
  manager.query(
    `SELECT id, key, booked_on, payload_hash FROM journal WHERE tenant_id = $1 AND key = ANY ($2::text[])`,
    [tenantId, drafts.map(({ key }) => key).filter((key) => !fresh.has(key))],
  );

const insert = (
  manager: EntityManager,
  tenantId: number,
  drafts: readonly Journal[],
  bookedAt: Date,
): Promise<Row[]> => {
  const lines = drafts.flatMap(({ key, postings }) => postings.map((posting, index) => ({ key, index, ...posting })));
  return manager.query(insertJournals, [
    tenantId,
    bookedAt,
    drafts.map(({ book }) => book),
    drafts.map(({ kind }) => kind),
    drafts.map(({ key }) => key),
    drafts.map(({ payloadHash }) => payloadHash),
    drafts.map(({ occurredOn }) => occurredOn),
    drafts.map(({ bookedOn }) => bookedOn),
    drafts.map(({ reverses }) => reverses),
    drafts.map(({ source }) => source),
    drafts.map(({ memo }) => memo),
    drafts.map(({ postings }) => postings.length),
    lines.map(({ key }) => key),
    lines.map(({ index }) => index + 1),
    lines.map(({ account }) => account),
    lines.map(({ currency }) => currency),
    lines.map(({ amount }) => amount),
  ]);
};

/** A journal that is there already is left out, with its postings; one that is being booked right now is waited for. */
const insertJournals = `
  WITH draft AS (
    SELECT *
    FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::date[], $9::bigint[], $10::text[],
                $11::text[], $12::integer[])
      WITH ORDINALITY AS draft (book, kind, key, payload_hash, occurred_on, booked_on, reverses, source, memo, postings, position)
  ),
  fresh AS (
    INSERT INTO journal (tenant_id, book, kind, key, payload_hash, occurred_on, booked_on, booked_at, reverses, source, memo, postings)
    SELECT $1, book, kind, key, payload_hash, occurred_on, booked_on, $2, reverses, source, memo, postings
    FROM draft
    ORDER BY position
    ON CONFLICT DO NOTHING
    RETURNING id, key, booked_on, payload_hash
  ),
  line AS (
    INSERT INTO posting (tenant_id, journal_id, number, account, currency, amount, booked_on)
    SELECT $1, fresh.id, number, account, currency, amount, booked_on
    FROM unnest($13::text[], $14::integer[], $15::text[], $16::text[], $17::numeric[])
      AS line (key, number, account, currency, amount)
    JOIN fresh USING (key)
  )
  SELECT id, key, booked_on, payload_hash FROM fresh`;
