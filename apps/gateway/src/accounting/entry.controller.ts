import {
  accounting,
  type Call,
  EntryId,
  ListPaymentRequests,
  ListPayments,
  RecordExpense,
  RecordPayment,
  RecordRevenue,
  RequestPayment,
} from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { DeclineReason, EntryVoidReason } from './accounting.dto.js';

const admin = { roles: ['admin'], status: 200 } as const;
const creates = { roles: ['admin'], status: 201 } as const;

@ApiTags('Accounting entries')
@Controller()
export class EntryController {
  constructor(private readonly bus: Bus) {}

  /** Records a payment to a user: not more than is due, unless it is an advance. The reports it names become PAID. */
  @Post('payment')
  @Asks(accounting.recordPayment, creates)
  recordPayment(@Body() payment: RecordPayment, @Caller() call: Call) {
    return this.bus.askForReply(accounting.recordPayment, payment, call);
  }

  /** The tenant's payments, newest first. */
  @Get('payment')
  @Asks(accounting.listPayments, admin)
  listPayments(@Query() filter: ListPayments, @Caller() call: Call) {
    return this.bus.askForReply(accounting.listPayments, filter, call);
  }

  /** Takes a payment back; its reports are PENDING again. */
  @Post('payment/:id/void')
  @Asks(accounting.voidPayment, admin)
  voidPayment(@Param() { id }: EntryId, @Body() body: EntryVoidReason, @Caller() call: Call) {
    return this.bus.askForReply(accounting.voidPayment, { ...body, id }, call);
  }

  /** Records revenue. */
  @Post('revenue')
  @Asks(accounting.recordRevenue, creates)
  recordRevenue(@Body() revenue: RecordRevenue, @Caller() call: Call) {
    return this.bus.askForReply(accounting.recordRevenue, revenue, call);
  }

  /** Takes a revenue back. */
  @Post('revenue/:id/void')
  @Asks(accounting.voidRevenue, admin)
  voidRevenue(@Param() { id }: EntryId, @Body() body: EntryVoidReason, @Caller() call: Call) {
    return this.bus.askForReply(accounting.voidRevenue, { ...body, id }, call);
  }

  /** Records an expense; a recoupable one is taken from what its users earn. */
  @Post('expense')
  @Asks(accounting.recordExpense, creates)
  recordExpense(@Body() expense: RecordExpense, @Caller() call: Call) {
    return this.bus.askForReply(accounting.recordExpense, expense, call);
  }

  /** Takes an expense back, and what was recouped with it. */
  @Post('expense/:id/void')
  @Asks(accounting.voidExpense, admin)
  voidExpense(@Param() { id }: EntryId, @Body() body: EntryVoidReason, @Caller() call: Call) {
    return this.bus.askForReply(accounting.voidExpense, { ...body, id }, call);
  }

  /** Asks for a payment; one request is open at a time. */
  @Post('payment-request')
  @Asks(accounting.requestPayment, { roles: ['member'], status: 201 })
  requestPayment(@Body() request: RequestPayment, @Caller() call: Call) {
    return this.bus.askForReply(accounting.requestPayment, request, call);
  }

  /** Requests, newest first. Members see their own. */
  @Get('payment-request')
  @Asks(accounting.listPaymentRequests, { roles: ['member', 'admin'] })
  listPaymentRequests(@Query() filter: ListPaymentRequests, @Caller() call: Call) {
    return this.bus.askForReply(accounting.listPaymentRequests, filter, call);
  }

  /** Makes the payment that was asked for; not more than is due now. */
  @Post('payment-request/:id/approve')
  @Asks(accounting.approvePaymentRequest, admin)
  approve(@Param() request: EntryId, @Caller() call: Call) {
    return this.bus.askForReply(accounting.approvePaymentRequest, request, call);
  }

  /** Says no, and why. */
  @Post('payment-request/:id/decline')
  @Asks(accounting.declinePaymentRequest, admin)
  decline(@Param() { id }: EntryId, @Body() body: DeclineReason, @Caller() call: Call) {
    return this.bus.askForReply(accounting.declinePaymentRequest, { ...body, id }, call);
  }
}
