import { accountOf, type Chart } from '@countinghouse/ledger';

/** The accounts of the book. */
export const chart = {
  /** What a distributor owes for the lines of its statements. */
  'distributor-receivable': { class: 'asset', per: 'distributor' },
  cash: { class: 'asset' },
  /** What a user is owed: earned, less recouped, less paid; on the debit side after an advance. */
  'royalties-payable': { class: 'liability', per: 'user' },
  /** What a recalculation moves between users; zero whenever one is complete. */
  'unallocated-royalties': { class: 'liability' },
  revenue: { class: 'income' },
  expense: { class: 'expense' },
  /** Costs that users bear: what was taken from their earnings. */
  recoupment: { class: 'expense', per: 'user', normalSide: 'credit' },
} as const satisfies Chart;

export const payableTo = (userId: string): string => accountOf(chart, 'royalties-payable', userId);
