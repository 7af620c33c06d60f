import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { Exact } from '../exact.js';

export const royaltyGroups = ['month', 'dsp', 'country', 'artist', 'product', 'asset', 'saletype'] as const;
export type RoyaltyGroup = (typeof royaltyGroups)[number];

export class RoyaltyQuery {
  /** Whose royalties; members always see their own. For an admin without it: everybody's. */
  @IsOptional()
  @IsUUID()
  userId?: string;

  /** What the rows are: sales months, stores, countries, artists, releases (UPC), tracks (ISRC) or types of sale. */
  @IsOptional()
  @IsIn(royaltyGroups)
  groupBy: RoyaltyGroup = 'month';
}

/** What was earned under one key in one currency, over all statements that are in force. */
export class RoyaltyRow {
  /** Empty for lines whose statement does not say it. @example "202508" */
  key: string;
  /** @example "EUR" */
  currency: string;
  @Exact('3120')
  streams: string;
  @Exact('12.34')
  streamsRoyalty: string;
  @Exact('8')
  downloads: string;
  @Exact('5.67')
  downloadsRoyalty: string;
  /** Of everything: streams, downloads and all other sales. */
  @Exact('18.01')
  royalty: string;
}
