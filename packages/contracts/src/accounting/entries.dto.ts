import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Exact } from '../exact.js';
import { Amount, Currency, DayOrInstant, maxId, NumberInText } from '../fields.js';
import { Page, Paging } from '../paging.dto.js';

/** The least that can be booked. */
const positive = { decimals: 10, min: '0.0000000001' };

class Entry {
  /** In the tenant's currency; more than nothing. @example "100.00" */
  @Amount(positive)
  amount: string;

  /** The tenant's; any other is refused. @example "EUR" */
  @IsOptional()
  @Currency()
  currency?: string;

  /** The day it counts for; of an instant, its day in the tenant's time zone. @example "2025-09-01" */
  @DayOrInstant()
  transactionDate: string;

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  memo?: string | null;
}

class TitledEntry extends Entry {
  /** @example "Studio time" */
  @IsString()
  @Length(1, 200)
  title: string;
}

export class RecordPayment extends Entry {
  @IsUUID()
  userId: string;

  /** @example "Royalties August" */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  title?: string;

  /** Royalty reports of this user that it pays; they become PAID. @example [7289] */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(maxId, { each: true })
  reportIds?: number[];

  /** The open request of this user that it answers. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(maxId)
  paymentRequestId?: number;

  /** Lets the payment be more than what is due. */
  @IsOptional()
  @IsBoolean()
  advance?: boolean;
}

export class RecordRevenue extends TitledEntry {}

export const expenseTypes = ['general', 'artist', 'product', 'asset'] as const;

export class Share {
  @IsUUID()
  userId: string;

  /** Percent, with up to four decimals; all together make 100. @example "50" */
  @Amount({ decimals: 4, min: '0.0001', max: '100' })
  share: string;
}

/** A share as it is answered. */
export class ShareOf {
  userId: string;
  @Exact('50')
  share: string;
}

export class RecordExpense extends TitledEntry {
  @IsIn(expenseTypes)
  type: (typeof expenseTypes)[number];

  /** Taken from what its users earn; needs `userId` or `shares`. */
  @IsBoolean()
  recoupable: boolean;

  @IsOptional()
  @IsUUID()
  userId?: string;

  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => Share)
  shares?: Share[];
}

export class EntryId {
  @NumberInText()
  @IsInt({ message: 'id must be the number of a transaction' })
  @Min(1)
  @Max(maxId)
  id: number;
}

export class VoidEntry extends EntryId {
  /** For the record. @example "Sent twice" */
  @IsString()
  @Length(1, 1000)
  reason: string;
}

class BookedEntry {
  /** @example 812 */
  id: number;
  @Exact('100')
  amount: string;
  /** @example "EUR" */
  currency: string;
  /** @example "2025-09-01" */
  transactionDate: string;
  title: string;
  memo: string | null;
  /** @example "booked" */
  status: 'booked' | 'voided';
  voidReason: string | null;
  createdAt: string;
}

export class Payment extends BookedEntry {
  userId: string;
  reportIds: number[];
  paymentRequestId: number | null;
  advance: boolean;
}

export class Revenue extends BookedEntry {
  /** The fact of another service that made it; `null` when a person did. */
  source: string | null;
}

export class Expense extends BookedEntry {
  type: (typeof expenseTypes)[number];
  recoupable: boolean;
  shares: ShareOf[];
}

export class ListPayments extends Paging {
  @IsOptional()
  @IsUUID()
  userId?: string;
}

export class PaymentPage extends Page {
  items: Payment[];
}

export class RequestPayment {
  /** What is asked for; more than nothing. @example "250.00" */
  @Amount(positive)
  amount: string;

  @IsOptional()
  @IsString()
  @MaxLength(2000)
  memo?: string | null;
}

export class DeclinePaymentRequest extends EntryId {
  /** The person who asked sees it. @example "Below the minimum of 50 EUR" */
  @IsString()
  @Length(1, 1000)
  reason: string;
}

export const paymentRequestStates = ['open', 'approved', 'declined'] as const;

export class ListPaymentRequests extends Paging {
  @IsOptional()
  @IsUUID()
  userId?: string;

  @IsOptional()
  @IsIn(paymentRequestStates)
  status?: (typeof paymentRequestStates)[number];
}

export class PaymentRequest {
  /** @example 31 */
  id: number;
  userId: string;
  @Exact('250')
  amount: string;
  /** @example "EUR" */
  currency: string;
  memo: string | null;
  /** @example "open" */
  status: (typeof paymentRequestStates)[number];
  /** Why it was declined. */
  reason: string | null;
  /** The payment that answered it. */
  paymentId: number | null;
  createdAt: string;
}

export class PaymentRequestPage extends Page {
  items: PaymentRequest[];
}
