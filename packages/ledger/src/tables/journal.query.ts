import { DomainError } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import type { BookedJournal } from '../journal.js';

/**
 * A journal with its postings, as it was booked.
 *
 * @throws DomainError not_found
 */
export const getJournal = async (manager: EntityManager, tenantId: number, id: number): Promise<BookedJournal> => {
  const [journal]: BookedJournal[] = await manager.query(journalById, [tenantId, id]);
  if (!journal) throw new DomainError('not_found', 'Journal not found');
  return journal;
};

const journalById = `
  SELECT id, book, kind, key, payload_hash AS "payloadHash", occurred_on AS "occurredOn", booked_on AS "bookedOn",
         booked_at AS "bookedAt", reverses, source, memo, lines.postings
  FROM journal, LATERAL (
    SELECT json_agg(json_build_object('account', account, 'currency', currency, 'amount', trim_scale(amount)::text)
                    ORDER BY number) AS postings
    FROM posting
    WHERE posting.tenant_id = journal.tenant_id AND journal_id = id
  ) AS lines
  WHERE tenant_id = $1 AND id = $2`;
