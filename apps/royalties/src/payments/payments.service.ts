import { accountingFacts, type FactEnvelope, type PaymentRecorded, type PaymentVoided } from '@countinghouse/contracts';
import { OnFact } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { lockRevision } from '../booking/contract-terms.query.js';
import { savePaymentRecorded, savePaymentVoided, settleReports } from './payment.store.js';

/**
 * Accounting's payments, as far as reports are paid by them. The two facts about a payment, and those about different
 * payments of one report, may come in any order: each is written down, and then the reports follow from what is written.
 */
@Injectable()
export class PaymentsService {
  @OnFact(accountingFacts.paymentRecorded)
  async recorded({ tenantId, body }: FactEnvelope<PaymentRecorded>, manager: EntityManager): Promise<void> {
    await lockRevision(manager, tenantId);
    await savePaymentRecorded(manager, tenantId, body);
    await settleReports(manager, tenantId, body, new Date());
  }

  @OnFact(accountingFacts.paymentVoided)
  async voided({ tenantId, body }: FactEnvelope<PaymentVoided>, manager: EntityManager): Promise<void> {
    await lockRevision(manager, tenantId);
    await savePaymentVoided(manager, tenantId, body);
    await settleReports(manager, tenantId, body, new Date());
  }
}
