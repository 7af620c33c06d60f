/** Whether a value is a day of the calendar, text written `YYYY-MM-DD`, of the years 1000 to 9999. */
export const isDay = (value: unknown): value is string => {
  if (typeof value !== 'string' || !/^[1-9]\d{3}-\d\d-\d\d$/.test(value)) return false;
  const [year, month, day] = value.split('-').map(Number) as [number, number, number];
  // Another month comes out when there is no such day or month.
  return new Date(Date.UTC(year, month - 1, day)).getUTCMonth() === month - 1 && day > 0;
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format is a thousand times as dear as using it. */
const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en', {
      timeZone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
};

/**
 * The calendar day, `YYYY-MM-DD`, that an instant belongs to in an IANA time zone.
 *
 * @throws RangeError for an unknown time zone or an invalid date
 */
export const dayIn = (instant: Date, timeZone: string): string => {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
};

/** The month, `YYYYMM`, that an instant belongs to in an IANA time zone. */
export const monthIn = (instant: Date, timeZone: string): string =>
  dayIn(instant, timeZone).slice(0, 7).replace('-', '');
