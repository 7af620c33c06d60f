import { DomainError } from '@countinghouse/contracts';
import { isDecimal, minorUnitsOf } from '@countinghouse/money';

/** What only the service can see to be malformed, refused as a malformed field is. */
export const badField = (field: string, message: string): DomainError =>
  new DomainError('bad_request', message, { details: [{ field, message }] });

/** @throws DomainError unprocessable */
export function requireCurrency(given: string | undefined, own: string): void {
  if (given === undefined || given === own) return;
  throw new DomainError('unprocessable', `Amounts are in ${own}, the tenant's currency; convert ${given} first`);
}

/** @throws DomainError bad_request */
export function requireMinorUnits(amount: string, currency: string): void {
  const decimals = minorUnitsOf(currency);
  if (isDecimal(amount, { decimals })) return;
  throw badField('amount', `amount must have at most ${decimals} decimals: it is paid in ${currency}`);
}

/** @throws DomainError bad_request */
export function requireOrder(first: [field: string, day: string | undefined], last: typeof first): void {
  if (first[1] === undefined || last[1] === undefined || first[1] <= last[1]) return;
  throw badField(last[0], `${last[0]} must not be before ${first[0]} (${first[1]})`);
}

/** @throws DomainError unprocessable */
export function requireOpen(day: string, closed: ReadonlySet<string>): void {
  const month = day.slice(0, 7);
  if (!closed.has(month)) return;
  throw new DomainError(
    'unprocessable',
    `The month ${month} is closed; choose a transactionDate in an open month, or reopen it`,
  );
}
