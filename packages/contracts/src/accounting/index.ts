import { fact } from '../fact.js';
import * as facts from './facts.dto.js';

export * from './facts.dto.js';

export const accountingFacts = {
  paymentRecorded: fact('accounting.payment.recorded', facts.PaymentRecorded),
  paymentVoided: fact('accounting.payment.voided', facts.PaymentVoided),
};
