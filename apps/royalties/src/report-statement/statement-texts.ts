import type { languages, UserReport } from '@countinghouse/contracts';

export type Language = (typeof languages)[number];

/** The words of a report's statement. `{…}` is a place for something. */
export interface StatementTexts {
  /** Whose numbers, dates and names of countries go with the words; BCP 47. */
  locale: string;
  title: string;
  /** Name of the document. */
  documentTitle: string;
  to: string;
  report: string;
  distributor: string;
  month: string;
  created: string;
  updated: string;
  total: string;
  exactly: string;
  lines: string;
  units: string;
  state: string;
  states: Record<UserReport['debitState'], string>;
  adjusts: string;
  adjustedBy: string;
  releases: string;
  platforms: string;
  countries: string;
  others: string;
  royalties: string;
  unknown: string;
  nothing: string;
  smallPrint: readonly string[];
  missingLetters: string;
}

/** A further language is a further entry here. */
export const statementTexts: Record<Language, StatementTexts> = {
  en: {
    locale: 'en-GB',
    title: 'Royalty statement',
    documentTitle: 'Royalty statement {report}: {distributor}, {month}',
    to: 'To',
    report: 'Report',
    distributor: 'Distributor',
    month: 'Reporting month',
    created: 'Created',
    updated: 'Last updated',
    total: 'Total royalties',
    exactly: 'Exactly {total}',
    lines: 'Lines',
    units: 'Units',
    state: 'Payment',
    states: { PENDING: 'Pending', PAID: 'Paid on {day}', CANCELLED: 'Cancelled' },
    adjusts: 'Adjusts report {report}',
    adjustedBy: 'Adjusted by {total} in report {reports}',
    releases: 'Releases',
    platforms: 'Platforms',
    countries: 'Countries',
    others: 'Others ({count})',
    royalties: 'Royalties, {currency}',
    unknown: 'Not named',
    nothing: 'Nothing in this report',
    smallPrint: [
      'Amounts are rounded to the minor unit of {currency}, halves away from zero, so a list can differ from the total in its last digit.',
      'All digits are in the exact total above and in the files of the report.',
    ],
    missingLetters: '□ stands for a letter that the font of this document lacks; the files of the report have it.',
  },
  da: {
    locale: 'da-DK',
    title: 'Royaltyopgørelse',
    documentTitle: 'Royaltyopgørelse {report}: {distributor}, {month}',
    to: 'Til',
    report: 'Rapport',
    distributor: 'Distributør',
    month: 'Rapportmåned',
    created: 'Oprettet',
    updated: 'Senest opdateret',
    total: 'Royalty i alt',
    exactly: 'Præcist {total}',
    lines: 'Linjer',
    units: 'Enheder',
    state: 'Betaling',
    states: { PENDING: 'Afventer', PAID: 'Betalt {day}', CANCELLED: 'Annulleret' },
    adjusts: 'Korrigerer rapport {report}',
    adjustedBy: 'Korrigeret med {total} i rapport {reports}',
    releases: 'Udgivelser',
    platforms: 'Platforme',
    countries: 'Lande',
    others: 'Andre ({count})',
    royalties: 'Royalty, {currency}',
    unknown: 'Uden navn',
    nothing: 'Intet i denne rapport',
    smallPrint: [
      'Beløb er afrundet til den mindste enhed af {currency}, halve væk fra nul, så en liste kan afvige fra totalen på sidste ciffer.',
      'Alle cifre står i den præcise total ovenfor og i rapportens filer.',
    ],
    missingLetters: '□ står for et tegn, som dokumentets skrifttype mangler; rapportens filer har det.',
  },
};
