import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';
import { Exact } from '../exact.js';
import { Amount, IfGiven, maxId, Month, NumberInText } from '../fields.js';
import { Page, Paging } from '../paging.dto.js';

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

/** A CSV file of contracts that the gateway has stored. */
export class ImportContracts {
  /** Where the file lies in object storage. */
  @IsString()
  @Length(1, 500)
  storageKey: string;
}

export class ContractsImported {
  /** How many contracts the file has made. @example 120 */
  imported: number;
}
