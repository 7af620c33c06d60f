import type { EntityManager } from 'typeorm';
import { payableTo } from '../domain/chart.js';

/** A change of what a person is due. */
export interface StatementLine {
  /** `YYYY-MM-DD`, the day it counts from. */
  bookedOn: string;
  /** The day it happened. */
  occurredOn: string;
  kind: 'earnings' | 'adjustment' | 'expense' | 'payment';
  /** What a person called it, or a voided one before. */
  title: string;
  /** Whether it takes another entry back. */
  isVoid: boolean;
  /** The statement that earnings are of; withdrawn ones take it back. */
  statement: { id: number; distributor: string; month: string; isWithdrawn: boolean } | null;
  /** Whether an adjustment was asked for, rather than made after splits had changed. */
  isAskedFor: boolean;
  /** Exact; negative where less is due. */
  amount: string;
}

/** All that an account statement says of the book. Exact; the changes and the opening are what is due in the end. */
export interface StatementFacts {
  firstName: string;
  lastName: string;
  email: string;
  isClosed: boolean;
  opening: string;
  earned: string;
  recouped: string;
  paid: string;
  /** How many changes there are in the month. */
  changes: number;
  /** The first of them, by day. */
  lines: StatementLine[];
  /** When the last of the lines was booked; null without any. */
  bookedAt: string | null;
}

export interface StatementWanted {
  userId: string;
  currency: string;
  /** YYYY-MM */
  month: string;
  linesAtMost: number;
}

/** In one snapshot, so that the parts make the whole. The person has been heard of. */
export async function getStatementFacts(
  manager: EntityManager,
  tenantId: number,
  { userId, currency, month, linesAtMost }: StatementWanted,
): Promise<StatementFacts> {
  const values = [tenantId, payableTo(userId), currency, month, linesAtMost, userId];
  const [facts] = await manager.query(statementFacts, values);
  return facts;
}

const statementFacts = `
  WITH turnover AS (
    SELECT month, kind, -amount AS amount
    FROM account_turnover
    WHERE tenant_id = $1 AND account = $2 AND currency = $3 AND month <= $4
  ),
  sums AS (
    SELECT coalesce(sum(amount) FILTER (WHERE month < $4), 0) AS opening,
           coalesce(sum(amount) FILTER (WHERE month = $4 AND kind IN ('earnings', 'adjustment')), 0) AS earned,
           coalesce(sum(amount) FILTER (WHERE month = $4 AND kind = 'expense'), 0) AS recouped,
           coalesce(sum(amount) FILTER (WHERE month = $4 AND kind = 'payment'), 0) AS paid
    FROM turnover
  ),
  change AS (
    SELECT tenant_id, journal_id, booked_on, -amount AS amount
    FROM posting
    WHERE tenant_id = $1 AND account = $2 AND currency = $3
      AND booked_on >= ($4 || '-01')::date AND booked_on < (($4 || '-01')::date + interval '1 month')::date
  ),
  line AS (
    SELECT * FROM change ORDER BY booked_on, journal_id LIMIT $5
  ),
  told AS (
    SELECT line.booked_on, journal_id, journal.booked_at,
           json_build_object(
             'bookedOn', line.booked_on, 'occurredOn', journal.occurred_on, 'kind', journal.kind,
             'title', coalesce(original.source, journal.source, ''), 'isVoid', journal.reverses IS NOT NULL,
             'statement', CASE WHEN earnings.id IS NOT NULL THEN json_build_object(
               'id', earnings.statement_id, 'distributor', earnings.distributor, 'month', earnings.month,
               'isWithdrawn', earnings.withdraws IS NOT NULL) END,
             'isAskedFor', starts_with(journal.source, 'recalculation'),
             'amount', trim_scale(line.amount)::text) AS line
    FROM line
    JOIN journal ON journal.tenant_id = line.tenant_id AND journal.id = journal_id
    LEFT JOIN journal AS original ON original.tenant_id = journal.tenant_id AND original.id = journal.reverses
    LEFT JOIN earnings ON earnings.tenant_id = journal.tenant_id
                      AND earnings.id = CASE WHEN journal.kind = 'earnings' THEN substr(journal.key, 10)::bigint END
  )
  SELECT known.first_name AS "firstName", known.last_name AS "lastName", known.email,
         EXISTS (SELECT FROM period WHERE tenant_id = $1 AND book = 'main' AND month = $4) AS "isClosed",
         trim_scale(opening)::text AS opening, trim_scale(earned)::text AS earned,
         trim_scale(recouped)::text AS recouped, trim_scale(paid)::text AS paid,
         (SELECT count(*)::integer FROM change) AS changes,
         (SELECT coalesce(json_agg(line ORDER BY booked_on, journal_id), '[]') FROM told) AS lines,
         (SELECT to_char(max(booked_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM told) AS "bookedAt"
  FROM known_user AS known CROSS JOIN sums
  WHERE known.tenant_id = $1 AND known.id = $6::uuid`;
