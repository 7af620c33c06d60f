import { IsIn, IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { Exact } from '../exact.js';
import { Amount, Currency, IfGiven, maxId, Month, NumberInText } from '../fields.js';
import { Page, Paging } from '../paging.dto.js';

export const uploadModes = ['supplement', 'replace'] as const;
export type UploadMode = (typeof uploadModes)[number];

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
  @Currency()
  currency?: string;

  /** Decimal mark, for a file whose numbers do not show it. */
  @IsOptional()
  @IsIn(['comma', 'point'])
  decimal?: 'comma' | 'point';

  /**
   * For a month that has a statement already: `supplement` adds this file to it, `replace` puts this file in the place
   * of everything that is there, once it has been read without failure. @example "replace"
   */
  @IsOptional()
  @IsIn(uploadModes)
  mode?: UploadMode;

  /** What the file must sum up to, to the last digit; otherwise the statement fails. @example "4210.87" */
  @IfGiven()
  @Amount({ decimals: 15 })
  declaredTotal?: string;
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
  voidedAt: string | null;
  voidReason: string | null;
}

export class VoidStatement extends StatementId {
  /** For the record. @example "The distributor sent a corrected file" */
  @IsString()
  @Length(1, 1000)
  reason: string;
}

export class StatementPage extends Page {
  items: Statement[];
}

export class UnmatchedLabel {
  /** As written in the statement. @example "Unknown Pleasures Ltd." */
  label: string;
  lines: number;
  @Exact('12.0034')
  net: string;
}
