import { loginAt } from './demo-api.js';
import { type AccountingCatalogue, keyOf, queryOf, type Report, type Shares, type Stage, until } from './demo-stage.js';

/** What is there before anything is earned: rates, splits, revenues and expenses, numbered in this order. */
export const enterAccounting = async (stage: Stage): Promise<void> => {
  const { exchangeRates, splits, revenues, expenses } = stage.catalogue.accounting;
  for (const rate of exchangeRates) await enter(stage, '/accounting/exchange-rates', rate, rate.month);
  for (const { shares, ...split } of splits) {
    await enter(stage, '/split', { ...split, shares: sharesOf(stage, shares) }, split.name);
  }
  for (const revenue of revenues) await enter(stage, '/revenue', dated(stage, revenue), revenue.title);
  for (const { shares, ...expense } of expenses) {
    const ofUsers = shares && { shares: sharesOf(stage, shares) };
    await enter(stage, '/expense', { ...dated(stage, expense), ...ofUsers }, expense.title);
  }
};

/** Pays, once all that was earned is in the book. */
export const settleAccounts = async (stage: Stage): Promise<void> => {
  const { api, catalogue, log } = stage;
  await until(() => isBooked(stage), 'Accounting has not booked the demo statements after a minute');
  const { payments, requests, splits } = catalogue.accounting;
  for (const [at, payment] of payments.entries()) await pay(stage, payment, `${at}`);
  for (const request of requests) await ask(stage, request);
  await enter(stage, '/accounting/tenant/recalculate', {}, 'once');
  const { totalGross, totalPaid, totalDue } = await api<Record<string, string>>('/accounting/gettotaldue');
  const { currency } = catalogue.tenant;
  log(`Accounting: ${splits.length} splits; of ${totalGross} ${currency}, ${totalPaid} is paid and ${totalDue} is due`);
};

const enter = <Reply>({ api, memory }: Stage, path: string, body: object, what: string): Promise<Reply> =>
  api<Reply>(path, { body, idempotencyKey: keyOf(memory, path, what) });

const isBooked = async ({ api }: Stage): Promise<boolean> => {
  const { gross, difference, delayed } = await api<{ gross: unknown; difference: unknown; delayed: unknown[] }>(
    '/accounting/reconciliation',
  );
  return Number(gross) !== 0 && Number(difference) === 0 && delayed.length === 0;
};

const pay = async (stage: Stage, payment: AccountingCatalogue['payments'][number], what: string): Promise<void> => {
  const { user, ofReport, voided, ...rest } = payment;
  const userId = stage.userIds.get(user)!;
  const ofWhat = ofReport === undefined ? {} : await reportToPay(stage, ofReport, userId);
  const { id } = await enter<{ id: number }>(stage, '/payment', dated(stage, { ...rest, ...ofWhat, userId }), what);
  if (voided !== undefined) await enter(stage, `/payment/${id}/void`, { reason: voided }, what);
};

/** The newest report of a distributor, and as much of it as can be paid. */
const reportToPay = async ({ api }: Stage, distributor: string, userId: string) => {
  const query = queryOf({ distributor, userId });
  const [report] = await api<[Report]>(`/financial/reports/user-reports/current?${query}`);
  const [whole, decimals = ''] = String(report.totalRoyalties).split('.');
  return { amount: `${whole}.${decimals.slice(0, 2).padEnd(2, '0')}`, reportIds: [report.id] };
};

const ask = async (stage: Stage, request: AccountingCatalogue['requests'][number]): Promise<void> => {
  const { url, tenantId, memory } = stage;
  const { user, isApproved, ...body } = request;
  const api = await loginAt(url, { email: user, password: memory.passwords[user]!, tenantId });
  const { id } = await enter<{ id: number }>({ ...stage, api }, '/payment-request', body, user);
  if (isApproved) await enter(stage, `/payment-request/${id}/approve`, {}, user);
};

const sharesOf = ({ userIds }: Stage, shares: Shares) =>
  Object.entries(shares).map(([email, share]) => ({ userId: userIds.get(email)!, share }));

const dated = <Entry extends { daysAgo: number }>({ memory }: Stage, { daysAgo, ...entry }: Entry) => {
  const day = new Date(memory.beganOn);
  day.setUTCDate(day.getUTCDate() - daysAgo);
  return { ...entry, transactionDate: day.toISOString().slice(0, 10) };
};
