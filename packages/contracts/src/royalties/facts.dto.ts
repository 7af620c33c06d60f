/** Points at an earnings file: see `earningsFileColumns`. */
export class EarningsPublished {
  /** Names these earnings for good. */
  earningsId: number;
  statementId: number;
  distributor: string;
  /** YYYYMM. */
  reportingMonth: string;
  currency: string;
  /** Of the earnings file, in object storage. */
  storageKey: string;
  /** Of the earnings file; lower-case hex. */
  sha256: string;
  rows: number;
  /** Exact sum of the rows' amounts; a decimal string. */
  amount: string;
}

/** Earnings that are taken back whole: every row of their file counts negative from now on. */
export class EarningsWithdrawn extends EarningsPublished {
  /** Names the taking back; `withdraws` says which earnings. */
  declare earningsId: number;
  withdraws: number;
}

export class StatementCompleted {
  statementId: number;
  distributor: string;
  /** YYYYMM. */
  reportingMonth: string;
  currency: string;
  /** Sum of the accepted and unmatched lines: what the distributor pays. */
  net: string;
  /** ISO 8601, UTC. */
  completedAt: string;
}

/** Of a statement that was completed. */
export class StatementVoided extends StatementCompleted {
  /** ISO 8601, UTC. */
  voidedAt: string;
  reason: string;
}
