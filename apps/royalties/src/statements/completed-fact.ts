import type { StatementCompleted } from '@countinghouse/contracts';
import { normalise } from '@countinghouse/money';
import type { StatementEntity } from './statement.entity.js';

/** What others are told of a statement once its reports are there. */
export const completedFact = (
  { id, distributor, reportingMonth, currency, net }: StatementEntity,
  completedAt: Date,
): StatementCompleted => ({
  statementId: id,
  distributor,
  reportingMonth,
  currency: currency as string,
  net: normalise(net),
  completedAt: completedAt.toISOString(),
});
