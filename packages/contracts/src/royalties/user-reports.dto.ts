import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { Exact } from '../exact.js';
import { maxId, NumberInText } from '../fields.js';

export class ReportsOfUser {
  /** @example "KONTOR" */
  @IsString({ message: 'Distributor parameter is required' })
  @Length(1, 60, { message: 'Distributor parameter is required' })
  distributor: string;

  /** Whose reports; admins only, members always see their own. */
  @IsOptional()
  @IsUUID()
  userId?: string;

  /** Page, from 1. Without `page` and `size` all reports are answered. */
  @IsOptional()
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  page?: number;

  @IsOptional()
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(100)
  size?: number;
}

export const debitStates = ['PENDING', 'PAID', 'CANCELLED'] as const;

/** What one owner earned with one distributor in one month and currency. */
export class UserReport {
  /** @example 7289 */
  id: number;
  /** @example "2025-10-30T14:34:32.382Z" */
  createdAt: string;
  /** @example "2025-11-08T21:45:40.775Z" */
  updatedAt: string;
  /** @example "EUR" */
  currency: string;
  /** @example "KONTOR" */
  distributor: string;
  /** YYYYMM. @example "202508" */
  reportingMonth: string;
  /** The exact sum of the report's lines. */
  @Exact('86.4017394675')
  totalRoyalties: string;
  /** @example "PENDING" */
  debitState: (typeof debitStates)[number];
  /** @example "2025-11-08T21:45:40.628Z" */
  paidOn: string | null;
  /** Only on a further report of the same month: the report it adjusts, which was paid or cancelled before. @example 7120 */
  adjusts?: number;
}

export class ReportId {
  @NumberInText()
  @IsInt({ message: 'id must be the number of a report' })
  @Min(1)
  @Max(maxId)
  id: number;
}

export class ReportFiles extends ReportId {
  /** Separator of the files' cells. */
  @IsOptional()
  @IsIn(['comma', 'semicolon'])
  delimiter: 'comma' | 'semicolon' = 'comma';
}

/** Addresses of a report's six files, valid for one hour; `null` while a file is being made. */
export class DownloadOptions {
  groupedByLabels: string | null;
  groupedByArtists: string | null;
  groupedByReleases: string | null;
  groupedByPlatform: string | null;
  groupedByCountries: string | null;
  fullCatalog: string | null;
}

export class CancelReport extends ReportId {
  /** For the record. @example "Assigned to the wrong artist" */
  @IsString()
  @Length(1, 1000)
  reason: string;
}

/** What accounting asks before a payment that names reports. */
export class FindReports {
  @IsArray()
  @ArrayMaxSize(1000)
  @IsInt({ each: true })
  ids: number[];
}

export class ReportState {
  id: number;
  userId: string;
  debitState: (typeof debitStates)[number];
}

/** What all reports of a month come to; exact, a decimal string. */
export class ReportTotal {
  /** YYYYMM. */
  reportingMonth: string;
  currency: string;
  total: string;
}
