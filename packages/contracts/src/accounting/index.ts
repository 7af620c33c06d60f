import { fact } from '../fact.js';
import { Nothing, operation } from '../operation.js';
import { StoredFile } from '../stored-file.dto.js';
import * as balances from './balances.dto.js';
import * as book from './book.dto.js';
import * as entries from './entries.dto.js';
import * as facts from './facts.dto.js';
import * as recalculation from './recalculation.dto.js';
import * as splits from './splits.dto.js';
import * as transactions from './transactions.dto.js';

export * from './balances.dto.js';
export * from './book.dto.js';
export * from './entries.dto.js';
export * from './facts.dto.js';
export * from './recalculation.dto.js';
export * from './splits.dto.js';
export * from './transactions.dto.js';
export * from './usage-types.js';

const books = { errors: ['unprocessable'] } as const;
const refers = { errors: ['not_found', 'unprocessable'] } as const;
const voids = { errors: ['not_found', 'conflict', 'unprocessable'] } as const;

export const accounting = {
  stats: operation('accounting.user.stats', {
    request: balances.StatsQuery,
    reply: balances.UserStats,
    errors: ['not_found'],
    deadlineMs: 30_000,
  }),
  currentDue: operation('accounting.user.current-due', { request: balances.BalancesQuery, reply: balances.Balances }),
  totalDue: operation('accounting.total-due', { request: Nothing, reply: balances.TotalDue }),
  ledger: operation('accounting.user.ledger', {
    request: book.LedgerQuery,
    reply: book.Ledger,
    ...refers,
  }),
  userStatement: operation('accounting.user.statement', {
    request: book.UserStatementQuery,
    reply: StoredFile,
    errors: ['not_found'],
    deadlineMs: 30_000,
  }),

  transactions: operation('accounting.transaction.list', {
    request: transactions.TransactionsQuery,
    reply: transactions.TransactionPage,
  }),
  exportTransactions: operation('accounting.transaction.export', {
    request: transactions.TransactionsToExport,
    reply: transactions.TransactionsExport,
  }),
  transactionSummary: operation('accounting.transaction.summary', {
    request: Nothing,
    reply: transactions.TransactionSummary,
  }),
  transactionMonths: operation('accounting.transaction.months', {
    request: transactions.MonthlyQuery,
    reply: [transactions.TransactionMonth],
  }),

  recordPayment: operation('accounting.payment.record', {
    request: entries.RecordPayment,
    reply: entries.Payment,
    errors: ['not_found', 'conflict', 'unprocessable'],
  }),
  listPayments: operation('accounting.payment.list', { request: entries.ListPayments, reply: entries.PaymentPage }),
  voidPayment: operation('accounting.payment.void', { request: entries.VoidEntry, reply: entries.Payment, ...voids }),
  recordRevenue: operation('accounting.revenue.record', {
    request: entries.RecordRevenue,
    reply: entries.Revenue,
    ...books,
  }),
  voidRevenue: operation('accounting.revenue.void', { request: entries.VoidEntry, reply: entries.Revenue, ...voids }),
  recordExpense: operation('accounting.expense.record', {
    request: entries.RecordExpense,
    reply: entries.Expense,
    ...refers,
  }),
  voidExpense: operation('accounting.expense.void', { request: entries.VoidEntry, reply: entries.Expense, ...voids }),

  requestPayment: operation('accounting.payment-request.create', {
    request: entries.RequestPayment,
    reply: entries.PaymentRequest,
    errors: ['conflict'],
  }),
  listPaymentRequests: operation('accounting.payment-request.list', {
    request: entries.ListPaymentRequests,
    reply: entries.PaymentRequestPage,
    errors: ['not_found'],
  }),
  approvePaymentRequest: operation('accounting.payment-request.approve', {
    request: entries.EntryId,
    reply: entries.PaymentRequest,
    ...voids,
  }),
  declinePaymentRequest: operation('accounting.payment-request.decline', {
    request: entries.DeclinePaymentRequest,
    reply: entries.PaymentRequest,
    errors: ['not_found', 'conflict'],
  }),

  createSplit: operation('accounting.split.create', {
    request: splits.CreateSplit,
    reply: splits.Split,
    errors: ['conflict', 'unprocessable'],
  }),
  listSplits: operation('accounting.split.list', { request: splits.ListSplits, reply: splits.SplitPage }),
  getSplit: operation('accounting.split.get', { request: splits.SplitId, reply: splits.Split, errors: ['not_found'] }),
  replaceSplit: operation('accounting.split.replace', { request: splits.ReplaceSplit, reply: splits.Split, ...voids }),
  deactivateSplit: operation('accounting.split.deactivate', {
    request: splits.SplitId,
    reply: splits.Split,
    errors: ['not_found'],
  }),
  matchSplit: operation('accounting.split.match', { request: splits.MatchSplit, reply: splits.SplitMatch }),
  splitCoverage: operation('accounting.split.coverage', { request: splits.CoverageQuery, reply: splits.Coverage }),

  recalculateUser: operation('accounting.recalculation.user', {
    request: recalculation.RecalculateUser,
    reply: recalculation.UserRecalculation,
    errors: ['not_found'],
  }),
  recalculateTenant: operation('accounting.recalculation.tenant', {
    request: recalculation.RecalculateTenant,
    reply: recalculation.TenantRecalculation,
  }),
  refresh: operation('accounting.recalculation.refresh', {
    request: Nothing,
    reply: recalculation.Refreshed,
    errors: ['unprocessable'],
    deadlineMs: 30_000,
  }),
  refreshStatistics: operation('accounting.recalculation.statistics', {
    request: Nothing,
    reply: recalculation.StatisticsFlow,
  }),
  queueStatus: operation('accounting.recalculation.status', {
    request: recalculation.QueueQuery,
    reply: recalculation.QueueStatus,
    errors: ['not_found'],
  }),

  setExchangeRate: operation('accounting.exchange-rate.set', {
    request: book.SetExchangeRate,
    reply: book.ExchangeRate,
    errors: ['conflict', 'unprocessable'],
  }),
  listExchangeRates: operation('accounting.exchange-rate.list', {
    request: book.ListExchangeRates,
    reply: book.ExchangeRatePage,
  }),
  closePeriod: operation('accounting.period.close', {
    request: book.PeriodMonth,
    reply: book.Period,
    errors: ['conflict'],
  }),
  reopenPeriod: operation('accounting.period.reopen', {
    request: book.PeriodMonth,
    reply: book.Period,
    errors: ['conflict'],
  }),
  reconciliation: operation('accounting.reconciliation', { request: Nothing, reply: book.Reconciliation }),
};

export const accountingFacts = {
  paymentRecorded: fact('accounting.payment.recorded', facts.PaymentRecorded),
  paymentVoided: fact('accounting.payment.voided', facts.PaymentVoided),
};
