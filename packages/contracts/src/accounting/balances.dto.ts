import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUUID, Max, MaxLength, Min } from 'class-validator';
import { Exact } from '../exact.js';
import { FlagInText, NumberInText } from '../fields.js';

export class OfUser {
  /** The user's id with identity. */
  @IsUUID()
  userId: string;
}

export class StatsQuery extends OfUser {
  /** `royalty` adds streams, downloads, rates, months, stores and territories. */
  @IsOptional()
  @IsIn(['royalty'])
  include?: 'royalty';

  /** Recalculates this user before answering. */
  @IsOptional()
  @FlagInText()
  @IsBoolean()
  forceRefresh?: boolean;
}

export class RoyaltyMonth {
  /** Sales month. @example "2025-08" */
  month: string;
  @Exact('312.05')
  royalty: string;
}

export class RoyaltyDsp {
  /** @example "Spotify" */
  dsp: string;
  @Exact('250.11')
  royalty: string;
}

export class RoyaltyTerritory {
  /** ISO 3166-1 alpha-2. @example "DK" */
  territory: string;
  @Exact('250.11')
  royalty: string;
}

/** Quantities of all rows that the user shares in, and the user's share of their royalties. */
export class RoyaltySummary {
  /** @example 250000 */
  Streams: number;
  @Exact('1021.75')
  Streams_Royalty: string;
  /** @example 140 */
  Downloads: number;
  @Exact('113.53')
  Downloads_Royalty: string;
  /** Royalty of a thousand streams, four decimals; `null` without streams. */
  @Exact('4.087', { nullable: true })
  RatePer1K: string | null;
  months: RoyaltyMonth[];
  /** The ten largest. */
  topDsps: RoyaltyDsp[];
  /** The ten largest. */
  topTerritories: RoyaltyTerritory[];
}

export class UserStats {
  /** Gross earnings from all splits. */
  @Exact('1135.28')
  Royalty_Share: string;
  /** After what was recouped. */
  @Exact('1135.28')
  net: string;
  @Exact('100')
  paid: string;
  /** Net less what was paid; negative after an advance. */
  @Exact('1035.28')
  due: string;
  royaltySummary?: RoyaltySummary;
}

export const balanceSorts = ['gross', 'net', 'paid', 'due'] as const;

export class BalancesQuery {
  /** Part of a name or e-mail; case and accents do not matter. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  q?: string;

  @IsOptional()
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  page: number = 1;

  @IsOptional()
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(100)
  size: number = 10;

  @IsOptional()
  @IsIn(balanceSorts)
  sort: (typeof balanceSorts)[number] = 'due';

  @IsOptional()
  @IsIn(['ASC', 'DESC'])
  order: 'ASC' | 'DESC' = 'DESC';
}

export class UserBalance {
  id: string;
  /** @example "John" */
  firstName: string;
  /** @example "Doe" */
  lastName: string;
  /** @example "John Doe" */
  fullName: string;
  /** @example "john@example.com" */
  email: string;
  TenantUserId: string;
  @Exact('2500.75')
  Gross: string;
  @Exact('2250.68')
  Net: string;
  @Exact('1500')
  Paid: string;
  @Exact('750.68')
  Due: string;
  paymentRequested: boolean;
  paymentRequestId: number | null;
}

export class Balances {
  /** @example "success" */
  message: string;
  Users: UserBalance[];
  totalUsers: number;
  page: number;
  totalPages: number;
}

export class TotalDue {
  /** @example "success" */
  message: string;
  @Exact('150000.5')
  totalGross: string;
  @Exact('149000.5')
  totalNet: string;
  @Exact('100000')
  totalPaid: string;
  @Exact('49000.5')
  totalDue: string;
  /** @example 125 */
  userCount: number;
}
