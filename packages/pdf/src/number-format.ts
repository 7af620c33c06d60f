/** How figures, days and places are written in one language. */
export interface Formats {
  /** So many decimals, always: `amount('1234.5', 2)` is `1,234.50`. Rounded half away from zero; zero has no sign. */
  amount(value: string, decimals: number): string;
  /** Every digit there is. */
  exact(value: string): string;
  /** The day that an instant belongs to in the time zone: `8 November 2025`. */
  day(instant: Date): string;
  /** A calendar day written YYYY-MM-DD: `8 November 2025`. */
  date(day: string): string;
  /** The same without its year: `8 Nov`. */
  shortDate(day: string): string;
  /** A month written YYYYMM, in words: `August 2025`. */
  month(month: string): string;
  /** Name of an ISO 3166-1 alpha-2 code, or the code where there is none. */
  country(code: string): string;
}

/**
 * Formats of a BCP 47 locale. Values are decimal strings of any length: `Intl` takes them by their digits, never as a
 * double (ECMA-402, `Intl.NumberFormat` v3).
 *
 * @throws RangeError for an unknown time zone
 */
export function formatsOf(locale: string, timeZone: string): Formats {
  const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 100, signDisplay: 'negative' });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone });
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const shortDates = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const months = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  const countries = new Intl.DisplayNames(locale, { type: 'region' });
  const amounts = (decimals: number) =>
    new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
      roundingMode: 'halfExpand',
      signDisplay: 'negative',
    });
  return {
    amount: (value, decimals) => amounts(decimals).format(value as Intl.StringNumericLiteral),
    exact: (value) => exact.format(value as Intl.StringNumericLiteral),
    day: (instant) => days.format(instant),
    date: (day) => dates.format(new Date(day)),
    shortDate: (day) => shortDates.format(new Date(day)),
    month: (month) => months.format(new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(4)) - 1))),
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
  };
}
