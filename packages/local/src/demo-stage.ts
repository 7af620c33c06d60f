import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './demo-api.js';
import type { DemoMemory } from './demo-memory.js';

export interface Person {
  email: string;
  firstName: string;
  lastName: string;
}

export interface Catalogue {
  tenant: { name: string; currency: string; timeZone: string };
  /** What its admin sets afterwards. */
  settings: object;
  admin: Person;
  members: Member[];
  statements: StatementFile[];
  accounting: AccountingCatalogue;
}

export interface Member extends Person {
  /** As the API takes them, without the owner. */
  contracts: object[];
}

export interface StatementFile {
  distributor: string;
  reportingMonth: string;
  file: string;
}

/** Percent by e-mail address. */
export type Shares = Record<string, string>;

interface Dated {
  daysAgo: number;
}

/** Everything as the API takes it, but for users, who are named by e-mail address, and days. */
export interface AccountingCatalogue {
  exchangeRates: { month: string }[];
  splits: { name: string; shares: Shares }[];
  revenues: (Dated & { title: string })[];
  expenses: (Dated & { title: string; shares?: Shares })[];
  payments: (Dated & {
    user: string;
    title: string;
    amount?: string;
    /** The distributor of the report that it pays. */
    ofReport?: string;
    /** Why it is voided afterwards. */
    voided?: string;
  })[];
  requests: { user: string; amount: string; memo: string; isApproved: boolean }[];
}

export interface Report {
  id: number;
  currency: string;
  /** Text, but for whole numbers. */
  totalRoyalties: string | number;
}

/** What every step of the demo needs: the catalogue, the memory, and the tenant admin's API. */
export interface Stage {
  url: string;
  tenantId: number;
  catalogue: Catalogue;
  memory: DemoMemory<unknown>;
  api: Api;
  /** By e-mail address. */
  userIds: Map<string, string>;
  log: (line: string) => void;
}

export const pollMs = 200;

export const queryOf = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();

/** The key by which a repeated call of this demo is known again. */
export const keyOf = ({ run }: DemoMemory<unknown>, ...what: string[]) =>
  ['demo', run, ...what].join(' ').slice(0, 255);

/** @throws Error with `otherwise` after a minute */
export const until = async (isSo: () => Promise<boolean>, otherwise: string): Promise<void> => {
  const patienceEndsAt = Date.now() + 60_000;
  while (!(await isSo())) {
    if (Date.now() > patienceEndsAt) throw new Error(otherwise);
    await sleep(pollMs);
  }
};
