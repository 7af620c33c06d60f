import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { NumberInText } from './fields.js';

/** Page parameters of our own lists. */
export class Paging {
  /** Page, from 1. */
  @IsOptional()
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  page: number = 1;

  /** Items per page. */
  @IsOptional()
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(100)
  size: number = 20;
}

/** The counts that every list of ours carries; `total` is over the whole filter. */
export class Page {
  total: number;
  page: number;
  totalPages: number;
}
