/** A payment to a user, and the royalty reports that it pays. */
export class PaymentRecorded {
  paymentId: number;
  userId: string;
  /** Royalty reports of this user; none when the payment is not for particular ones. */
  reportIds: number[];
  /** Exact; a decimal string. */
  amount: string;
  currency: string;
  /** ISO 8601, UTC. */
  paidAt: string;
}

/** The payment is taken back: the reports it paid are open again. */
export class PaymentVoided {
  paymentId: number;
  userId: string;
  reportIds: number[];
  /** ISO 8601, UTC. */
  voidedAt: string;
}
