import { dayIn, isDay } from '@countinghouse/calendar';
import { badField } from './refusals.js';

/**
 * The day that an entry counts for: of an instant, its day in the tenant's time zone.
 *
 * @throws DomainError bad_request for an instant on the other side of the years 1000 to 9999 there
 */
export function transactionDay(transactionDate: string, timeZone: string): string {
  const day = isDay(transactionDate) ? transactionDate : dayIn(new Date(transactionDate), timeZone);
  if (isDay(day)) return day;
  throw badField('transactionDate', `transactionDate is not within the years 1000 to 9999 in ${timeZone}`);
}
