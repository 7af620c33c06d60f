import { describe, expect, it } from '@jest/globals';
import type { ExportedTransaction } from './transactions-after.query.js';
import { csvHeader, csvLine } from './transactions-csv.js';

const row = (changes: Partial<ExportedTransaction> = {}): ExportedTransaction => ({
  id: 812,
  type: 'payment',
  amount: '100',
  currency: 'EUR',
  transactionDate: '2025-09-01',
  title: 'Royalties August',
  memo: null,
  status: 'booked',
  userName: 'Ada Nord',
  email: 'ada@label.example',
  ...changes,
});

describe('a transaction as CSV', () => {
  it('stands under the header, which begins the file with a byte order mark', () => {
    expect(csvHeader).toBe('\uFEFFId,Type,Date,Title,Amount,Currency,Status,User,E-mail,Memo\r\n');
    expect(csvLine(row())).toBe(
      '812,payment,2025-09-01,Royalties August,100,EUR,booked,Ada Nord,ada@label.example,\r\n',
    );
  });

  it('has empty cells for the user whom it does not have', () => {
    expect(csvLine(row({ type: 'revenue', userName: null, email: null, memo: 'Sync' }))).toBe(
      '812,revenue,2025-09-01,Royalties August,100,EUR,booked,,,Sync\r\n',
    );
  });

  it('keeps all digits of its amount, with a decimal point', () => {
    expect(csvLine(row({ amount: '12345678901234567890.0000000001' }))).toContain(
      ',12345678901234567890.0000000001,EUR,',
    );
  });

  it('takes no text for a formula, and no text for two cells', () => {
    const user = { userName: '-Ada, "A"', email: '@x' };
    expect(csvLine(row({ title: '=1+1', memo: '+1\r\n"a",b', ...user }))).toBe(
      `812,payment,2025-09-01,'=1+1,100,EUR,booked,"'-Ada, ""A""",'@x,"'+1\r\n""a"",b"\r\n`,
    );
  });
});
