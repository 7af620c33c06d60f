import { dayIn, isDay } from '@countinghouse/calendar';
import { DomainError } from '@countinghouse/contracts';

/** The day that an entry counts for: of an instant, its day in the tenant's time zone. */
export const dayOf = (transactionDate: string, timeZone: string): string =>
  isDay(transactionDate) ? transactionDate : dayIn(new Date(transactionDate), timeZone);

/** @throws DomainError unprocessable */
export function requireOpen(day: string, closed: ReadonlySet<string>): void {
  if (!closed.has(day.slice(0, 7))) return;
  throw new DomainError(
    'unprocessable',
    `The month ${day.slice(0, 7)} is closed; choose a later transactionDate, or reopen it`,
  );
}
