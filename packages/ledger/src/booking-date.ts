import { addMonths } from '@countinghouse/calendar';

/** The month, `YYYY-MM`, of a day. */
export const monthOfDay = (day: string): string => day.slice(0, 7);

/** Whether a text is a day that exists, `YYYY-MM-DD`, of the years 1000 to 9999. */
export const isDay = (text: string): boolean => {
  if (!/^[1-9]\d{3}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.valueOf()) && instant.toISOString().startsWith(text);
};

/**
 * The day that a fact or a reversal is booked on: its own, or the first day after it whose month is open.
 *
 * @param day `YYYY-MM-DD`: when it occurred; for a reversal, when the journal it reverses was booked
 * @param closedMonths `YYYY-MM`
 */
export const bookingDate = (day: string, closedMonths: ReadonlySet<string>): string => {
  let month = monthOfDay(day);
  if (!closedMonths.has(month)) return day;
  while (closedMonths.has(month)) month = monthAfter(month);
  return `${month}-01`;
};

/** `2025-12` → `2026-01` */
export const monthAfter = (month: string): string => {
  const next = addMonths(month.replace('-', ''), 1);
  return `${next.slice(0, 4)}-${next.slice(4)}`;
};
