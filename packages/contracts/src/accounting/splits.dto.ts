import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Day, IfGiven, maxId, NumberInText } from '../fields.js';
import { Page, Paging } from '../paging.dto.js';
import { usageTypes, type UsageTypeName } from './usage-types.js';
import { Share, ShareOf } from './entries.dto.js';

/** What a split is for: earnings that have all of these. At least one is given. */
export class SplitScope {
  /** @example "DKABC2500001" */
  @IfGiven()
  @IsString()
  @Length(1, 20)
  isrc?: string;

  /** @example "4006381333931" */
  @IfGiven()
  @IsString()
  @Length(1, 20)
  upc?: string;

  /** @example "The Night Owls" */
  @IfGiven()
  @IsString()
  @Length(1, 500)
  artist?: string;

  /** @example "Polar Records" */
  @IfGiven()
  @IsString()
  @Length(1, 500)
  label?: string;
}

export class SplitCondition {
  /** `include`: only earnings with a value of every list given; `exclude`: only others. */
  @IsIn(['include', 'exclude'])
  mode: 'include' | 'exclude';

  /** ISO 3166-1 alpha-2. @example ["DK", "SE"] */
  @IfGiven()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(300)
  @Matches(/^[A-Z]{2}$/, { each: true, message: '$property must be ISO 3166-1 codes of two capital letters' })
  territories?: string[];

  /** Stores, as statements name them. @example ["Spotify"] */
  @IfGiven()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(300)
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  dsps?: string[];

  @IfGiven()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(4)
  @IsIn(usageTypes, { each: true })
  usageTypes?: UsageTypeName[];
}

export class CreateSplit {
  /** @example "Night Owls, album" */
  @IsString()
  @Length(1, 200)
  name: string;

  @ValidateNested()
  @Type(() => SplitScope)
  scope: SplitScope;

  /** First day, YYYY-MM-DD. */
  @IsOptional()
  @Day()
  startDate?: string | null;

  /** First day that is no longer covered. */
  @IsOptional()
  @Day()
  endDate?: string | null;

  @IfGiven()
  @IsArray()
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => SplitCondition)
  conditions?: SplitCondition[];

  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => Share)
  shares: Share[];

  @IfGiven()
  @IsBoolean()
  active?: boolean;
}

export class SplitId {
  @NumberInText()
  @IsInt({ message: 'id must be the number of a split' })
  @Min(1)
  @Max(maxId)
  id: number;
}

/** The split as it shall be from now on. */
export class ReplaceSplit extends CreateSplit {
  @NumberInText()
  @IsInt({ message: 'id must be the number of a split' })
  @Min(1)
  @Max(maxId)
  id: number;
}

export class ListSplits extends Paging {
  /** Splits with a share of this user. */
  @IsOptional()
  @IsUUID()
  userId?: string;

  @IsOptional()
  @IsString()
  @Length(1, 20)
  isrc?: string;

  @IsOptional()
  @IsString()
  @Length(1, 20)
  upc?: string;

  @IsOptional()
  @IsString()
  @Length(1, 500)
  artist?: string;

  @IsOptional()
  @IsString()
  @Length(1, 500)
  label?: string;
}

export class Split {
  /** @example 5 */
  id: number;
  name: string;
  scope: SplitScope;
  startDate: string | null;
  endDate: string | null;
  conditions: SplitCondition[];
  shares: ShareOf[];
  active: boolean;
  createdAt: string;
  updatedAt: string;
}

export class SplitPage extends Page {
  items: Split[];
}

/** Earnings that might be: which split would decide? */
export class MatchSplit extends SplitScope {
  @IfGiven()
  @Matches(/^[A-Z]{2}$/, { message: 'territory must be an ISO 3166-1 code of two capital letters' })
  territory?: string;

  @IfGiven()
  @IsString()
  @Length(1, 200)
  dsp?: string;

  @IfGiven()
  @IsIn(usageTypes)
  usageType?: UsageTypeName;

  /** @example "2025-08-01" */
  @Day()
  date: string;
}

/** A split that was looked at, and why it decides or not. */
export class SplitCandidate {
  splitId: number;
  name: string;
  /** @example "applies, but split 5 is narrower: isrc before label" */
  reason: string;
}

export class SplitMatch {
  /** `null`: no split applies, and everything goes to the owner of the statement's line. */
  split: Split | null;
  /** @example "isrc and upc are the narrowest scope that applies" */
  reason: string;
  others: SplitCandidate[];
}

export class CoverageQuery {
  @IsOptional()
  @IsString()
  @Length(1, 20)
  isrc?: string;

  @IsOptional()
  @IsString()
  @Length(1, 20)
  upc?: string;
}

/** A time in which the same splits apply. */
export class CoveragePeriod {
  /** First day; `null` for all that went before. */
  from: string | null;
  /** First day that is no longer covered; `null` for all that come. */
  to: string | null;
  /** In the order in which they decide; none: everything goes to the owner. */
  splits: Split[];
  /** Part of the earnings may fall to the owner: no split without conditions applies. */
  hasGap: boolean;
}

export class Coverage {
  periods: CoveragePeriod[];
}
