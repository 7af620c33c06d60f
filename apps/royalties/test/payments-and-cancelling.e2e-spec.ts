import { accountingFacts, royalties } from '@countinghouse/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BackOffice, messageOf, polarFile } from './back-office.js';
import { kontorFile, nextUpload } from './kontor-file.js';

let office: BackOffice;

beforeAll(async () => {
  office = await BackOffice.open();
}, 60_000);

afterAll(() => office?.close(), 30_000);

describe('a cancelled report', () => {
  it('stays as it is; what comes later for its month goes into a further one', async () => {
    const query = nextUpload();
    const { id } = await office.tenant.admin.uploaded(query, polarFile('1'));
    const report = await office.onlyReport();
    const { status, json } = await office.cancel(report.id, 'Assigned to the wrong artist');
    expect([status, json]).toEqual([200, { ...report, debitState: 'CANCELLED', updatedAt: expect.any(String) }]);
    const cancelled = await office.onlyReport();
    expect(cancelled).toEqual(json);
    expect(await office.statement(id)).toMatchObject({ state: 'completed', royalties: 0.5 });

    await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('2'));
    await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('4'));
    const [first, further] = await office.reports();
    expect(first).toStrictEqual(cancelled);
    expect(further).toMatchObject({ totalRoyalties: 3, debitState: 'PENDING', adjusts: report.id });

    expect((await office.cancel(further!.id)).status).toBe(200);
    await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('8'));
    const third = (await office.reports())[2];
    expect(third).toMatchObject({ totalRoyalties: 4, debitState: 'PENDING', adjusts: report.id });
  });

  it('cannot be cancelled again, nor can a paid one', async () => {
    await office.tenant.admin.uploaded(nextUpload(), polarFile('1'));
    const { id } = await office.onlyReport();
    const payment = await office.pay(id);
    const whilePaid = await office.cancel(id);
    expect([whilePaid.status, messageOf(whilePaid)]).toEqual([
      409,
      `Report ${id} is paid; void its payment before you cancel it`,
    ]);
    await office.takePaymentBack(payment, id);
    expect((await office.cancel(id)).status).toBe(200);
    const again = await office.cancel(id);
    expect([again.status, messageOf(again)]).toEqual([409, `Report ${id} is cancelled already`]);
  });

  it('is not paid by a payment that comes afterwards', async () => {
    await office.tenant.admin.uploaded(nextUpload(), polarFile('1'));
    const { id } = await office.onlyReport();
    await office.cancel(id);
    const cancelled = await office.onlyReport();
    const facts = await office.accounting.paid(office.tenant.id, office.nextPayment(), office.tenant.memberId, [id]);
    await office.factApplied(facts.id);
    expect(await office.onlyReport()).toEqual(cancelled);
  });

  it('is the admin’s of the tenant to make, and needs a reason', async () => {
    await office.tenant.admin.uploaded(nextUpload(), polarFile('1'));
    const { id } = await office.onlyReport();
    const path = `/royalties/reports/${id}/cancel`;
    expect((await office.tenant.member.post(path, { reason: 'x' })).status).toBe(403);
    expect(await office.stranger.admin.post(path, { reason: 'x' })).toMatchObject({
      status: 404,
      json: { message: 'Report not found' },
    });
    for (const [where, field] of [
      [office.tenant.admin.post(path, {}), 'reason'],
      [office.tenant.admin.post(path, { reason: '' }), 'reason'],
      [office.tenant.admin.post(path, { reason: 'x', id: 1 }), 'id'],
      [office.tenant.admin.post('/royalties/reports/x/cancel', { reason: 'x' }), 'id'],
    ] as const) {
      expect(await where).toMatchObject({ status: 400, json: { details: [{ field }] } });
    }
    expect(await office.onlyReport()).toMatchObject({ debitState: 'PENDING' });
  });
});

describe('a payment', () => {
  it('pays the reports of its user that it names, and when it is voided they are open again', async () => {
    await office.tenant.admin.uploaded(
      nextUpload(),
      kontorFile([{ royalties: '1' }, { label: 'Other Records', royalties: '8' }]),
    );
    const report = await office.onlyReport();
    const [others] = await office.reports(office.other.api);
    const paidAt = '2025-11-08T21:45:40.628Z';
    const payment = office.nextPayment();
    const first = await office.accounting.paid(
      office.tenant.id,
      payment,
      office.tenant.memberId,
      [report.id, others!.id, 999_999],
      paidAt,
    );
    await office.factApplied(first.id);
    expect(await office.onlyReport()).toEqual({
      ...report,
      debitState: 'PAID',
      paidOn: paidAt,
      updatedAt: expect.any(String),
    });
    expect(await office.reports(office.other.api)).toEqual([others]);
    await office.takePaymentBack(payment, report.id);
    expect(await office.onlyReport()).toEqual({ ...report, updatedAt: expect.any(String) });
  });

  it.each(['PVp', 'PpV', 'VPp', 'VpP', 'pPV', 'pVP'])(
    'that stands pays its report, also when one before it was voided and the facts come as %s',
    async (order) => {
      await office.tenant.admin.uploaded(nextUpload(), polarFile('1'));
      const { id } = await office.onlyReport();
      const { accounting, tenant } = office;
      const [before, standing] = [office.nextPayment(), office.nextPayment()];
      const paidAt = '2025-02-02T00:00:00.000Z';
      const facts: Record<string, () => Promise<{ id: string }>> = {
        P: () => accounting.paid(tenant.id, before, tenant.memberId, [id], '2025-01-01T00:00:00.000Z'),
        V: () => accounting.voided(tenant.id, before, tenant.memberId, [id]),
        p: () => accounting.paid(tenant.id, standing, tenant.memberId, [id], paidAt),
      };
      for (const fact of order) await office.factApplied((await facts[fact]!()).id);
      expect(await office.onlyReport()).toMatchObject({ debitState: 'PAID', paidOn: paidAt });
    },
  );

  it('that is told again changes nothing, by the same message or another', async () => {
    await office.tenant.admin.uploaded(nextUpload(), polarFile('1'));
    const { id } = await office.onlyReport();
    const payment = office.nextPayment();
    const told = await office.accounting.paid(office.tenant.id, payment, office.tenant.memberId, [id]);
    await office.factApplied(told.id);
    const paid = await office.onlyReport();
    expect(paid.debitState).toBe('PAID');
    await office.accounting.send(accountingFacts.paymentRecorded, told);
    const again = await office.accounting.tell(accountingFacts.paymentRecorded, office.tenant.id, told.body);
    await office.factApplied(again.id);
    expect(await office.onlyReport()).toEqual(paid);
  });

  it('that is voided leaves two pending reports of a month; the one that adjusts goes on taking lines', async () => {
    const query = nextUpload();
    await office.tenant.admin.uploaded(query, polarFile('1'));
    const first = await office.onlyReport();
    const payment = await office.pay(first.id);
    await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('2'));
    await office.takePaymentBack(payment, first.id);
    await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('4'));
    expect(await office.totals()).toEqual([0.5, 3]);

    const [, further] = await office.reports();
    await office.pay(further!.id);
    await office.tenant.admin.uploaded(`${query}&mode=supplement`, polarFile('8'));
    expect(await office.totals()).toEqual([4.5, 3]);
  });
});

describe('the state of reports', () => {
  it('is told to services, as far as the tenant has them', async () => {
    await office.tenant.admin.uploaded(nextUpload(), polarFile('1'));
    const { id } = await office.onlyReport();
    const ids = [999_999, id];
    const ask = (tenantId: number) =>
      office.accounting.ask(
        royalties.findReports,
        { ids },
        { requestId: 'x', principal: { tenantId, roles: ['admin'] } },
      );
    const report = { id, userId: office.tenant.memberId };
    expect(await ask(office.tenant.id)).toEqual([{ ...report, debitState: 'PENDING' }]);
    await office.pay(id);
    expect(await ask(office.tenant.id)).toEqual([{ ...report, debitState: 'PAID' }]);
    expect(await ask(office.stranger.id)).toEqual([]);
    await expect(office.accounting.ask(royalties.findReports, { ids }, { requestId: 'x' })).rejects.toThrow(
      'Invalid token',
    );
  });
});
