import { multiply } from '@countinghouse/money';
import { isName } from './name.js';

export type AccountClass = 'asset' | 'liability' | 'income' | 'expense';
export type Side = 'debit' | 'credit';

/** What accounts of a type are. */
export interface AccountType {
  class: AccountClass;
  /** What there is one account for each of, such as `user`; one account for all when not given. */
  per?: string;
  /** Where its balance usually stands; that of its class when not given. A contra account stands on the other side. */
  normalSide?: Side;
}

/** The account types of a service, by name, in the order in which a trial balance lists them. */
export type Chart<Type extends string = string> = Readonly<Record<Type, AccountType>>;

const maxDimensionLength = 255;

/**
 * The account of a type: `cash`, or with its dimension `royalties-payable:<user>`.
 *
 * @throws RangeError for a type that the chart does not have, or a dimension that is missing, needless or unfit
 */
export const accountOf = <Type extends string>(chart: Chart<Type>, type: Type, dimension?: string): string => {
  const account = dimension === undefined ? type : `${type}:${dimension}`;
  accountTypeOf(chart, account);
  return account;
};

/** The two parts of an account: `royalties-payable:<user>` is of type `royalties-payable`; `cash` has no dimension. */
export const accountParts = (account: string): { type: string; dimension: string | null } => {
  const colon = account.indexOf(':');
  return colon < 0
    ? { type: account, dimension: null }
    : { type: account.slice(0, colon), dimension: account.slice(colon + 1) };
};

/**
 * What the chart says of an account.
 *
 * @throws RangeError when it has no such account
 */
export const accountTypeOf = (chart: Chart, account: string): AccountType => {
  const { type, dimension } = accountParts(account);
  const found = Object.hasOwn(chart, type) ? chart[type] : undefined;
  if (!found) throw new RangeError(`There is no account type ${type} in the chart`);
  const { per } = found;
  if (per === undefined && dimension !== null)
    throw new RangeError(`There is one account ${type}, none per ${dimension}`);
  if (per !== undefined && !isName(dimension ?? '', maxDimensionLength))
    throw new RangeError(`The account ${account} must name its ${per}`);
  return found;
};

export const normalSideOf = ({ class: of, normalSide }: AccountType): Side =>
  normalSide ?? (of === 'asset' || of === 'expense' ? 'debit' : 'credit');

/**
 * A balance as accountants say it: positive on the account's normal side.
 *
 * @param amount debits positive, credits negative, as postings have it; exact
 */
export const onNormalSide = (type: AccountType, amount: string): string =>
  normalSideOf(type) === 'debit' ? amount : multiply(amount, '-1');
