import { addMonths } from '@countinghouse/calendar';
import { type Answer, type Api, eventually, openTenant, type Platform, type TestTenant } from '@countinghouse/testing';
import { expect } from '@jest/globals';

let lastMonth = '201001';

/** A tenant whose users earn what a test says, by statements of labels of their own. */
export class EntriesOffice {
  private readonly labels = new Set<string>();

  private constructor(readonly tenant: TestTenant) {}

  static async open(platform: Platform, settings?: { currency?: string; timeZone?: string }): Promise<EntriesOffice> {
    return new EntriesOffice(await openTenant(platform, settings));
  }

  get admin(): Api {
    return this.tenant.admin;
  }

  /** Lets a user earn so much, by a statement in EUR of a month of its own; waits until it is in the book. */
  async earn(amount: string, userId = this.tenant.memberId, rate?: { to: string; rate: string }): Promise<void> {
    if (!this.labels.has(userId)) {
      this.labels.add(userId);
      const contract = { userId, scope: 'label', match: userId, sharePercent: '100' };
      expect(await this.admin.post('/royalties/contracts', contract)).toMatchObject({ status: 201 });
    }
    lastMonth = addMonths(lastMonth, 1);
    if (rate) {
      const month = `${lastMonth.slice(0, 4)}-${lastMonth.slice(4)}`;
      expect(await this.admin.post('/accounting/exchange-rates', { from: 'EUR', month, ...rate })).toMatchObject({
        status: 201,
      });
    }
    const before = (await this.ledger(userId)).length;
    const query = `distributor=KONTOR&reportingMonth=${lastMonth}`;
    expect(await this.admin.uploaded(query, statement(userId, amount))).toMatchObject({ state: 'completed' });
    await eventually(async () => expect((await this.ledger(userId)).length).toBeGreaterThan(before));
  }

  /** What a call is refused with: its status, and the field or a part of the message. */
  async refused(answer: Promise<Answer>, status: number, said: string): Promise<void> {
    const { status: given, json } = await answer;
    const { message, details } = json as { message: string; details?: { field: string }[] };
    expect([given, `${details?.map(({ field }) => field).join() ?? ''}: ${message}`]).toEqual([
      status,
      expect.stringContaining(said),
    ]);
  }

  pay(amount: string, more: object = {}, headers?: Record<string, string>): Promise<Answer> {
    const payment = { userId: this.tenant.memberId, amount, transactionDate: '2025-09-01', ...more };
    return this.admin.post('/payment', payment, headers);
  }

  async stats(userId = this.tenant.memberId): Promise<Figures> {
    return (await this.admin.get(`/accounting/${userId}/stats`)).json as Figures;
  }

  async ledger(userId = this.tenant.memberId, query = ''): Promise<LedgerLine[]> {
    const { json } = await this.admin.get(`/accounting/${userId}/ledger${query}`);
    return (json as { items: LedgerLine[] }).items;
  }

  /** The reports of the tenant's member, newest first. */
  async reports(): Promise<{ id: number; debitState: string; paidOn: string | null }[]> {
    const { json } = await this.tenant.member.get('/financial/reports/user-reports/current?distributor=KONTOR');
    return json as { id: number; debitState: string; paidOn: string | null }[];
  }
}

export interface Figures {
  Royalty_Share: number;
  net: number;
  paid: number;
  due: number;
}

export interface LedgerLine {
  date: string;
  occurredOn: string;
  kind: string;
  source: string;
  amount: number;
  balance: number;
}

const header =
  'Sales Period;Store;Ch.-Type;Channel ID;Country;Label;Product Type;Product Title;Product Artist;EAN;ISRC;GRID;Article No;Royalties;Units';

/** A KONTOR statement of one line; its amount has so many decimals that its comma cannot be one of thousands. */
function statement(label: string, amount: string): string {
  const [whole, decimals = ''] = amount.split('.');
  const line = `202507;Spotify;Streaming;1401;DE;${label};Track;Snow;Ada;4260123459598;DEA622500001;;PR-1`;
  return `${header}\r\n${line};${whole},${decimals.padEnd(10, '0')};3\r\n`;
}
