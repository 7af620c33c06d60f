import { Page, Paging, Statement, type StatementState, statementStates } from '@countinghouse/contracts';
import { IsIn, IsOptional } from 'class-validator';

export class ListFiles extends Paging {
  /** How far they are. @example "completed" */
  @IsOptional()
  @IsIn(statementStates)
  status?: StatementState;
}

/** An uploaded file: its statement, also in the words of the accounting reference. */
export class UploadedFile extends Statement {
  /** Distributor and month. @example "KONTOR 202508" */
  name: string;
  /** The same as `state`. @example "completed" */
  status: StatementState;
}

export class FilePage extends Page {
  items: UploadedFile[];
}
