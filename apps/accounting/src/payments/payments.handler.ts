import {
  accounting,
  type Call,
  DeclinePaymentRequest,
  EntryId,
  ListPaymentRequests,
  ListPayments,
  type Payment,
  type PaymentPage,
  type PaymentRequest,
  type PaymentRequestPage,
  RecordPayment,
  RequestPayment,
  VoidEntry,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PaymentsService } from './payments.service.js';

@Controller()
export class PaymentsHandler {
  constructor(private readonly payments: PaymentsService) {}

  @Answers(accounting.recordPayment)
  record(@Payload() request: RecordPayment, @Ctx() call: Call): Promise<Payment> {
    requireRole(call, 'admin');
    return this.payments.record(call, request);
  }

  @Answers(accounting.voidPayment)
  void(@Payload() request: VoidEntry, @Ctx() call: Call): Promise<Payment> {
    requireRole(call, 'admin');
    return this.payments.void(call, request);
  }

  @Answers(accounting.listPayments)
  list(@Payload() request: ListPayments, @Ctx() call: Call): Promise<PaymentPage> {
    requireRole(call, 'admin');
    return this.payments.list(call, request);
  }

  @Answers(accounting.requestPayment)
  request(@Payload() request: RequestPayment, @Ctx() call: Call): Promise<PaymentRequest> {
    requireRole(call, 'member');
    return this.payments.request(call, request);
  }

  @Answers(accounting.approvePaymentRequest)
  approve(@Payload() request: EntryId, @Ctx() call: Call): Promise<PaymentRequest> {
    requireRole(call, 'admin');
    return this.payments.approve(call, request);
  }

  @Answers(accounting.declinePaymentRequest)
  decline(@Payload() request: DeclinePaymentRequest, @Ctx() call: Call): Promise<PaymentRequest> {
    requireRole(call, 'admin');
    return this.payments.decline(call, request);
  }

  @Answers(accounting.listPaymentRequests)
  listRequests(@Payload() request: ListPaymentRequests, @Ctx() call: Call): Promise<PaymentRequestPage> {
    requireRole(call, 'member', 'admin');
    return this.payments.listRequests(call, request);
  }
}
