/** Months are text written YYYYMM, of the years 1000 to 9999: they compare and sort as texts do. */
export const isMonth = (value: unknown): value is string =>
  typeof value === 'string' && /^[1-9]\d{3}(0[1-9]|1[0-2])$/.test(value);

/**
 * The month of a calendar year, `month` counted from 1: `monthOf(2025, 8)` is `202508`.
 *
 * @throws RangeError when there is no such month
 */
export const monthOf = (year: number, month: number): string => {
  const text = `${year}${String(month).padStart(2, '0')}`;
  if (!isMonth(text)) throw new RangeError(`No such month: year ${year}, month ${month}`);
  return text;
};

/** The month so many months later, or earlier when negative: `addMonths('202512', 1)` is `202601`. */
export const addMonths = (month: string, count: number): string => {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(4)) - 1 + count;
  return monthOf(Math.floor(months / 12), (months % 12) + 1);
};

/** Whether a month lies in a half-open range; `null` leaves that side open. */
export const isMonthWithin = (month: string, from: string | null, until: string | null): boolean =>
  (from === null || from <= month) && (until === null || month < until);
