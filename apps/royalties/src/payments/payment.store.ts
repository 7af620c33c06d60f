import type { PaymentRecorded, PaymentVoided } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

export const savePaymentRecorded = (
  manager: EntityManager,
  tenantId: number,
  { paymentId, userId, reportIds, paidAt }: PaymentRecorded,
): Promise<unknown> =>
  manager.query(
    `INSERT INTO payment (tenant_id, id, user_id, report_ids, paid_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, id) DO UPDATE SET paid_at = excluded.paid_at`,
    [tenantId, paymentId, userId, reportIds, paidAt],
  );

export const savePaymentVoided = (
  manager: EntityManager,
  tenantId: number,
  { paymentId, userId, reportIds, voidedAt }: PaymentVoided,
): Promise<unknown> =>
  manager.query(
    `INSERT INTO payment (tenant_id, id, user_id, report_ids, voided_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (tenant_id, id) DO UPDATE SET voided_at = excluded.voided_at`,
    [tenantId, paymentId, userId, reportIds, voidedAt],
  );

/** A report is paid by the first payment of its owner that names it and was not voided; what is cancelled stays so. */
export const settleReports = (
  manager: EntityManager,
  tenantId: number,
  { userId, reportIds }: { userId: string; reportIds: number[] },
  now: Date,
): Promise<unknown> =>
  manager.query(
    `WITH standing AS (
       SELECT report.id, (array_agg(payment.paid_at ORDER BY payment.id))[1] AS paid_at
       FROM user_report AS report
       LEFT JOIN payment ON payment.tenant_id = report.tenant_id AND payment.user_id = report.user_id
         AND report.id = ANY (payment.report_ids) AND payment.paid_at IS NOT NULL AND payment.voided_at IS NULL
       WHERE report.tenant_id = $1 AND report.user_id = $2 AND report.id = ANY ($3) AND report.debit_state <> 'CANCELLED'
       GROUP BY report.id
     )
     UPDATE user_report AS report
     SET debit_state = CASE WHEN standing.paid_at IS NULL THEN 'PENDING' ELSE 'PAID' END,
         paid_at = standing.paid_at,
         updated_at = $4
     FROM standing
     WHERE report.tenant_id = $1 AND report.id = standing.id AND report.paid_at IS DISTINCT FROM standing.paid_at`,
    [tenantId, userId, reportIds, now],
  );
