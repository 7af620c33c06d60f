import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO4217CurrencyCode,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { Exact } from '../exact.js';
import { Amount, IfGiven, Month, NumberInText } from '../fields.js';
import { Page, Paging } from '../paging.dto.js';

const maxId = 9_007_199_254_740_991;

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
}

export class ReportFiles {
  @NumberInText()
  @IsInt({ message: 'id must be the number of a report' })
  @Min(1)
  @Max(maxId)
  id: number;

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

/** What the uploader says of a statement file. */
export class StatementParameters {
  /** Name of a layout. @example "KONTOR" */
  @IsString()
  @Length(1, 60)
  distributor: string;

  /** @example "202508" */
  @Month()
  reportingMonth: string;

  /** ISO 4217; needed only where neither the file nor its layout names one. */
  @IsOptional()
  @IsISO4217CurrencyCode()
  @Matches(/^[A-Z]{3}$/, { message: 'currency must be an ISO 4217 code in upper case, such as EUR' })
  currency?: string;

  /** Decimal mark, for a file whose numbers do not show it. */
  @IsOptional()
  @IsIn(['comma', 'point'])
  decimal?: 'comma' | 'point';
}

/** A file that the gateway has stored, and what was said of it. */
export class RegisterStatement extends StatementParameters {
  /** Where the file lies in object storage, unchanged. */
  @IsString()
  @Length(1, 500)
  storageKey: string;

  /** SHA-256 of the decoded bytes, lower-case hex. */
  @Matches(/^[0-9a-f]{64}$/)
  sha256: string;

  /** Size of the file as sent. */
  @IsInt()
  @Min(0)
  bytes: number;
}

export const statementStates = [
  'received',
  'reading',
  'matching',
  'reporting',
  'completed',
  'failed',
  'voided',
] as const;
export type StatementState = (typeof statementStates)[number];

export class StatementReceipt {
  /** @example 12 */
  id: number;
  /** @example "KONTOR" */
  distributor: string;
  /** @example "202508" */
  reportingMonth: string;
  /** @example "received" */
  state: StatementState;
  /** Lower-case hex, of the decoded bytes. */
  sha256: string;
  bytes: number;
  /** This very file is here already; nothing was changed. */
  duplicate: boolean;
}

export class StatementId {
  @NumberInText()
  @IsInt({ message: 'id must be the number of a statement' })
  @Min(1)
  @Max(maxId)
  id: number;
}

export class ListStatements extends Paging {
  @IsOptional()
  @IsString()
  @MaxLength(60)
  distributor?: string;

  @IsOptional()
  @Month()
  reportingMonth?: string;

  @IsOptional()
  @IsIn(statementStates)
  state?: StatementState;
}

/** Lines of a statement; accepted + rejected + unmatched = read. */
export class StatementLines {
  read: number;
  accepted: number;
  rejected: number;
  unmatched: number;
}

export class Statement {
  /** @example 12 */
  id: number;
  /** @example "KONTOR" */
  distributor: string;
  /** @example "202508" */
  reportingMonth: string;
  /** Unknown until the file was read. @example "EUR" */
  currency: string | null;
  /** @example "completed" */
  state: StatementState;
  /** Percent. @example 100 */
  progress: number;
  lines: StatementLines;
  /** Sum of the accepted and unmatched lines. */
  @Exact('4210.87')
  net: string;
  /** Sum of the accepted lines' royalties. */
  @Exact('3158.1525')
  royalties: string;
  /** Why the statement failed, in words that say what to do. */
  error: string | null;
  createdAt: string;
  completedAt: string | null;
}

export class StatementPage extends Page {
  items: Statement[];
}

/** An object to be streamed to the caller by the gateway. */
export class StoredFile {
  storageKey: string;
  fileName: string;
}

export class UnmatchedLabel {
  /** As written in the statement. @example "Unknown Pleasures Ltd." */
  label: string;
  lines: number;
  @Exact('12.0034')
  net: string;
}

export const contractScopes = ['label', 'release', 'track'] as const;
export type ContractScope = (typeof contractScopes)[number];

class ContractTerms {
  /** Percent of net that is the owner's. @example "75" */
  @Amount({ decimals: 4, min: '0', max: '100' })
  sharePercent: string;

  /** First sales month, YYYYMM. */
  @IsOptional()
  @Month()
  from?: string | null;

  /** First sales month that is no longer covered, YYYYMM. */
  @IsOptional()
  @Month()
  to?: string | null;

  /** Other spellings of the label, or other codes of the same release or track. */
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @Length(1, 500, { each: true })
  aliases?: string[];
}

export class CreateContract extends ContractTerms {
  /** The owner. */
  @IsUUID()
  userId: string;

  /** @example "label" */
  @IsIn(contractScopes)
  scope: ContractScope;

  /** Label name, UPC/EAN or ISRC. @example "Polar Records" */
  @IsString()
  @Length(1, 500)
  match: string;
}

export class UpdateContract {
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(maxId)
  id: number;

  @IfGiven()
  @Amount({ decimals: 4, min: '0', max: '100' })
  sharePercent?: string;

  /** `null` removes the limit. */
  @IsOptional()
  @Month()
  from?: string | null;

  /** `null` removes the limit. */
  @IsOptional()
  @Month()
  to?: string | null;

  @IfGiven()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  @Length(1, 500, { each: true })
  aliases?: string[];
}

export class ContractId {
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(maxId)
  id: number;
}

export class ListContracts extends Paging {
  @IsOptional()
  @IsUUID()
  userId?: string;

  @IsOptional()
  @IsIn(contractScopes)
  scope?: ContractScope;
}

export class Contract {
  /** @example 3 */
  id: number;
  userId: string;
  /** @example "label" */
  scope: ContractScope;
  /** @example "Polar Records" */
  match: string;
  aliases: string[];
  @Exact('75')
  sharePercent: string;
  /** First sales month. */
  from: string | null;
  /** First sales month that is no longer covered. */
  to: string | null;
  createdAt: string;
}

export class ContractPage extends Page {
  items: Contract[];
}
