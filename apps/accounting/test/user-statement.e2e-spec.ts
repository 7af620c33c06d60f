import { type Api, eventually, openMember, openTenant, type Platform, startProduct } from '@countinghouse/testing';
import { readPdf } from '@countinghouse/testing/pdf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EntriesOffice } from './entries-office.js';

let platform: Platform;
let office: EntriesOffice;
let other: { api: Api; id: string };
/** The month in which the product books what was earned: now. */
let month: string;

beforeAll(async () => {
  platform = await startProduct({ env: { RATE_LIMIT_PER_MINUTE: '100000' } });
  office = await EntriesOffice.open(platform);
  other = await openMember(platform.url, office.admin);
  await office.earn('1000.3456789');
  month = (await office.ledger())[0]!.date.slice(0, 7);
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

const pathOf = (of = month, userId = office.tenant.memberId) => `/accounting/${userId}/statement.pdf?month=${of}`;

const statement = async (of = month, { authorization }: Api = office.tenant.member) => {
  const { status, headers, ...answer } = await fetch(platform.url + pathOf(of), { headers: { authorization } }).then(
    async (response) => ({
      status: response.status,
      headers: response.headers,
      bytes: Buffer.from(await response.arrayBuffer()),
    }),
  );
  if (status !== 200) throw new Error(`${status}: ${answer.bytes.toString()}`);
  return { headers, bytes: answer.bytes, words: (await readPdf(answer.bytes)).words };
};

/** The row of the table that has this text, from its day on. */
const rowOf = (words: string[], text: string): string[] => {
  const at = words.lastIndexOf(text);
  return words.slice(at - 2, at + 3);
};

describe('statement.pdf of a person', () => {
  it('has what they earned, recouped and were paid, from the opening to what is due', async () => {
    const { memberId: userId } = office.tenant;
    const transactionDate = `${month}-01`;
    await office.pay('400', { transactionDate, title: 'Royalties "August"', memo: 'Not for everybody' });
    const cost = { amount: '50.5', transactionDate, title: 'Studio', type: 'artist', recoupable: true, userId };
    expect(await office.admin.post('/expense', cost)).toMatchObject({ status: 201 });
    const { headers, words } = await statement();
    expect([headers.get('content-type'), headers.get('content-disposition')]).toEqual([
      'application/pdf',
      `inline; filename="account-statement_${month}.pdf"`,
    ]);
    expect(words.slice(0, 5)).toEqual(['Test', 'Kontoudtog', expect.stringMatching(/ \d{4}$/), 'Til', 'Mia Member']);
    const total = words.indexOf('Primosaldo');
    expect(words.slice(total - 2, total + 8)).toEqual(
      [
        ['549,85 EUR', 'Præcist 549,8456789 EUR'],
        ['Primosaldo', '0,00', 'Optjent', '1.000,35', 'Modregnet', '-50,50', 'Udbetalt', '-400,00'],
      ].flat(),
    );
    expect(rowOf(words, 'Royalties "August"').slice(1, 4)).toEqual(['Udbetaling', 'Royalties "August"', '-400,00']);
    expect(rowOf(words, 'Studio').slice(1, 4)).toEqual(['Modregnet udgift', 'Studio', '-50,50']);
    const earned = words.find((text) => text.startsWith('Opgørelse'))!;
    expect(earned).toMatch(/^Opgørelse \d+, KONTOR, \S+ \d{4}$/);
    expect(rowOf(words, earned).slice(1, 4)).toEqual(['Royalty', earned, '1.000,35']);
    expect(words.join()).not.toContain('Not for everybody');
  });

  it('names a void by what it takes back', async () => {
    const payment = await office.pay('10', { transactionDate: `${month}-01`, title: 'Sent twice' });
    const { id } = payment.json as { id: number };
    await office.admin.post(`/payment/${id}/void`, { reason: 'Twice' });
    const { words } = await statement();
    expect(rowOf(words, 'Sent twice').slice(1, 4)).toEqual(['Annulleret udbetaling', 'Sent twice', '10,00']);
  });

  it('opens the next month with what was due, and closes the last one before with nothing', async () => {
    const [next, before] = ['9999-12', '2001-01'];
    const later = await statement(next);
    expect(later.words).toEqual(expect.arrayContaining(['Ingen bevægelser i denne måned', 'december 9999']));
    expect(later.words.filter((text) => text === '549,85')).toHaveLength(3);
    expect((await statement(before)).words).toContain('0,00 EUR');
  });

  it('tells an adjustment from what was earned, and counts it in', async () => {
    const shares = [office.tenant.memberId, other.id].map((userId) => ({ userId, share: '50' }));
    const split = { name: 'Ada', scope: { artist: 'Ada' }, shares };
    expect(await office.admin.post('/split', split)).toMatchObject({ status: 201 });
    await eventually(async () => expect(await office.ledger(other.id)).toHaveLength(1));
    const { words } = await statement();
    expect(rowOf(words, 'Ændrede fordelinger').slice(1, 4)).toEqual(['Regulering', 'Ændrede fordelinger', '-500,17']);
    expect(words.slice(words.indexOf('Optjent')).slice(0, 2)).toEqual(['Optjent', '500,17']);
  });

  it('is the same bytes for whoever may have it', async () => {
    const [own, admins] = await Promise.all([statement(), statement(month, office.admin)]);
    expect(admins.bytes).toEqual(own.bytes);
  });

  it('is not found for another person', async () => {
    const stranger = await openTenant(platform);
    const refused = [other.api, stranger.admin, stranger.member].map((api) => api.get(pathOf()));
    const unknown = office.admin.get(pathOf(month, '0199aaaa-0000-7000-8000-000000000001'));
    for (const { status, json } of await Promise.all([...refused, unknown])) {
      expect([status, json]).toMatchObject([404, { message: 'User not found', error: 'Not Found' }]);
    }
  });

  it('is a page for who has just come', async () => {
    const { api, id } = await openMember(platform.url, office.admin);
    expect((await api.get(pathOf(month, id))).status).toBe(200);
  });

  it('needs a token, a user and a month', async () => {
    expect((await fetch(platform.url + pathOf())).status).toBe(401);
    for (const wrong of ['', '2025-13', '202508', '2025-08-01', '0000-00']) {
      const { status, json } = await office.admin.get(pathOf(wrong));
      expect([status, json]).toMatchObject([400, { details: [{ field: 'month' }] }]);
    }
    expect(await office.admin.get(pathOf(month, 'me'))).toMatchObject({ status: 400 });
  });

  it('is 304 to a caller who has it, until it says something else', async () => {
    const { member } = office.tenant;
    const etag = (await statement()).headers.get('etag')!;
    const known = await member.get(pathOf(), { 'if-none-match': etag });
    expect([known.status, known.text, known.headers.get('etag')]).toEqual([304, '', etag]);
    expect(known.headers.get('cache-control')).toBe('private, no-cache');
    expect((await other.api.get(pathOf(), { 'if-none-match': etag })).status).toBe(404);

    await office.admin.patch(`/tenant/${office.tenant.id}`, { language: 'en', name: 'Northern Lights' });
    await eventually(async () => expect((await statement()).words).toContain('Account statement'));
    const closed = await office.admin.post(`/accounting/periods/${month}/close`, {});
    expect(closed.status).toBe(200);
    const after = await member.get(pathOf(), { 'if-none-match': etag });
    expect([after.status, after.headers.get('etag') === etag]).toEqual([200, false]);
    expect((await statement()).words).toEqual(expect.arrayContaining(['Northern Lights', 'Closed', '49.67 EUR']));
  });
});
