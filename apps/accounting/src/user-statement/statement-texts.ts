import type { languages } from '@countinghouse/contracts';
import type { StatementLine } from './statement-facts.query.js';

export type Language = (typeof languages)[number];

/** The words of an account statement. `{…}` is a place for something. */
export interface StatementTexts {
  /** Whose numbers, dates and names of months go with the words; BCP 47. */
  locale: string;
  title: string;
  /** Name of the document. */
  documentTitle: string;
  to: string;
  month: string;
  currency: string;
  state: string;
  open: string;
  closed: string;
  due: string;
  exactly: string;
  opening: string;
  earned: string;
  recouped: string;
  paid: string;
  ahead: string;
  date: string;
  change: string;
  source: string;
  amount: string;
  balance: string;
  kinds: Record<StatementLine['kind'], string>;
  voided: Record<'expense' | 'payment', string>;
  statement: string;
  withdrawn: string;
  askedFor: string;
  splitsChanged: string;
  /** A change that happened on another day than it counts from. */
  ofDay: string;
  further: string;
  nothing: string;
  closing: string;
  smallPrint: readonly string[];
  stillOpen: string;
  missingLetters: string;
  sheet: string;
}

/** A further language is a further entry here. */
export const statementTexts: Record<Language, StatementTexts> = {
  en: {
    locale: 'en-GB',
    title: 'Account statement',
    documentTitle: 'Account statement {month}: {recipient}',
    to: 'To',
    month: 'Month',
    currency: 'Currency',
    state: 'State',
    open: 'Open',
    closed: 'Closed',
    due: 'Due at the end of {month}',
    exactly: 'Exactly {total}',
    opening: 'Opening balance',
    earned: 'Earned',
    recouped: 'Recouped',
    paid: 'Paid',
    ahead: 'Paid ahead: what is earned next is set against it',
    date: 'Date',
    change: 'Change',
    source: 'Source',
    amount: 'Amount, {currency}',
    balance: 'Due, {currency}',
    kinds: { earnings: 'Royalties', adjustment: 'Adjustment', expense: 'Recouped cost', payment: 'Payment' },
    voided: { expense: 'Voided cost', payment: 'Voided payment' },
    statement: 'Statement {id}, {distributor}, {month}',
    withdrawn: 'Voided statement {id}, {distributor}, {month}',
    askedFor: 'Recalculation',
    splitsChanged: 'Changed splits',
    ofDay: '{source} ({day})',
    further: 'Further changes ({count})',
    nothing: 'No changes in this month',
    closing: 'Closing balance',
    smallPrint: [
      'Amounts are rounded to the minor unit of {currency}, halves away from zero, so they can differ from their sums in the last digit.',
    ],
    stillOpen: 'The month is not closed: there can be further changes in it.',
    missingLetters: '□ stands for a letter that the font of this document lacks.',
    sheet: 'Page {sheet} of {sheets}',
  },
  da: {
    locale: 'da-DK',
    title: 'Kontoudtog',
    documentTitle: 'Kontoudtog {month}: {recipient}',
    to: 'Til',
    month: 'Måned',
    currency: 'Valuta',
    state: 'Status',
    open: 'Åben',
    closed: 'Lukket',
    due: 'Tilgode ved udgangen af {month}',
    exactly: 'Præcist {total}',
    opening: 'Primosaldo',
    earned: 'Optjent',
    recouped: 'Modregnet',
    paid: 'Udbetalt',
    ahead: 'Forud udbetalt: modregnes i det næste, der optjenes',
    date: 'Dato',
    change: 'Bevægelse',
    source: 'Kilde',
    amount: 'Beløb, {currency}',
    balance: 'Tilgode, {currency}',
    kinds: { earnings: 'Royalty', adjustment: 'Regulering', expense: 'Modregnet udgift', payment: 'Udbetaling' },
    voided: { expense: 'Annulleret udgift', payment: 'Annulleret udbetaling' },
    statement: 'Opgørelse {id}, {distributor}, {month}',
    withdrawn: 'Annulleret opgørelse {id}, {distributor}, {month}',
    askedFor: 'Genberegning',
    splitsChanged: 'Ændrede fordelinger',
    ofDay: '{source} ({day})',
    further: 'Yderligere bevægelser ({count})',
    nothing: 'Ingen bevægelser i denne måned',
    closing: 'Ultimosaldo',
    smallPrint: [
      'Beløb er afrundet til den mindste enhed af {currency}, halve væk fra nul, så de kan afvige fra deres summer på sidste ciffer.',
    ],
    stillOpen: 'Måneden er ikke lukket: der kan komme flere bevægelser i den.',
    missingLetters: '□ står for et tegn, som dokumentets skrifttype mangler.',
    sheet: 'Side {sheet} af {sheets}',
  },
};
