import {
  DeclinePaymentRequest,
  LedgerQuery,
  RecalculateUser,
  StatsQuery,
  UserStatementQuery,
  VoidEntry,
} from '@countinghouse/contracts';
import { OmitType } from '@nestjs/swagger';

export class StatsOptions extends OmitType(StatsQuery, ['userId'] as const) {}

export class LedgerDays extends OmitType(LedgerQuery, ['userId'] as const) {}

export class StatementMonth extends OmitType(UserStatementQuery, ['userId'] as const) {}

export class RecalculationOptions extends OmitType(RecalculateUser, ['userId'] as const) {}

export class EntryVoidReason extends OmitType(VoidEntry, ['id'] as const) {}

export class DeclineReason extends OmitType(DeclinePaymentRequest, ['id'] as const) {}
