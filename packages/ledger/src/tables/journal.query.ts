import { DomainError } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import type { BookedJournal } from '../journal.js';

/**
 * Journals with their postings, as they were booked, in the order of the ids.
 *
 * @throws DomainError not_found when there is none of an id
 */
export const getJournals = async (
  manager: EntityManager,
  tenantId: number,
  ids: readonly number[],
): Promise<BookedJournal[]> => {
  const rows: BookedJournal[] = await manager.query(journalsById, [tenantId, ids]);
  const found = new Map(rows.map((journal) => [journal.id, journal]));
  return ids.map((id) => {
    const journal = found.get(id);
    if (!journal) throw new DomainError('not_found', `There is no journal ${id}`);
    return journal;
  });
};

/** One journal, as `getJournals` gives it. */
export const getJournal = async (manager: EntityManager, tenantId: number, id: number): Promise<BookedJournal> =>
  (await getJournals(manager, tenantId, [id]))[0]!;

const journalsById = `
  SELECT id, book, kind, key, payload_hash AS "payloadHash", occurred_on AS "occurredOn", booked_on AS "bookedOn",
         booked_at AS "bookedAt", reverses, source, memo, lines.postings
  FROM journal, LATERAL (
    SELECT json_agg(json_build_object('account', account, 'currency', currency, 'amount', trim_scale(amount)::text)
                    ORDER BY number) AS postings
    FROM posting
    WHERE posting.tenant_id = journal.tenant_id AND journal_id = id
  ) AS lines
  WHERE tenant_id = $1 AND id = ANY ($2)`;
