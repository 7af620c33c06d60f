import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { monthPatternProblem, monthReader } from './month-pattern.js';

it.each([
  ['YYYYMM', '202508', '202508'],
  ['YYYY-MM', ' 2025-08 ', '202508'],
  ['YYYY/MM', '2025/08', '202508'],
  ['MM/YYYY', '08/2025', '202508'],
  ['YYYY/MM/DD', '2025/08/01', '202508'],
  ['DD/MM/YYYY', '31/08/2025', '202508'],
  ['MM/DD/YYYY', '08/31/2025', '202508'],
  ['DD.MM.YYYY', '29.02.2024', '202402'],
  ['YYYYMMDD', '20250831', '202508'],
  ['MM/DD/YYYY', '10/15/2023 12:00:00 AM', '202310'],
  ['YYYY-MM-DD', '2025-08-01T00:00:00.000Z', '202508'],
  ['YYYY-MM-DD', '2025-08-01 23:59+02:00', '202508'],
  ['M/D/YYYY', '8/1/2025 12:00:00 AM', '202508'],
  ['M/D/YYYY', '12/31/2025', '202512'],
  ['M/YYYY', '08/2025', '202508'],
  ['MM/DD/YYYY', '06/29/2025 – 08/02/2025', '202507'],
  ['MM/DD/YYYY', '12/29/2024 – 02/01/2025', '202501'],
  ['MM/DD/YYYY', '08/01/2025 – 08/31/2025', '202508'],
  ['MM/DD/YYYY', '08/01/2025 – ', '202508'],
  ['MM/DD/YYYY', '02/28/2025 – 02/28/2025', '202502'],
  ['YYYY-MM', '2025-08 – 2025-08', '202508'],
  ['[MM] (YYYY)*', '[08] (2025)*', '202508'],
  ['YYYY|MM', '2025|08', '202508'],
  ['DD.MM.YYYY', '29.02.2000', '200002'],
])('%s reads %j as %s', (pattern, text, month) => {
  expect(monthReader([pattern])(text)).toEqual({ value: month });
});

it.each([
  ['YYYYMM', '202513'],
  ['YYYYMM', '202500'],
  ['YYYYMM', '2025-08'],
  ['YYYYMM', '20250'],
  ['YYYYMM', ''],
  ['YYYY-MM', '2025-8'],
  ['DD.MM.YYYY', '29.02.2025'],
  ['DD.MM.YYYY', '01x08x2025'],
  ['DD/MM/YYYY', '31/04/2025'],
  ['MM/DD/YYYY', '31/08/2025'],
  ['YYYY/MM/DD', '0025/08/01'],
  ['YYYY/MM/DD', '2025/08/00'],
  ['DD.MM.YYYY', '29.02.1900'],
  ['YYYYMM', '２０２５０８'],
  ['YYYYMM', '202508\0'],
  ['YYYYMM', '-02508'],
  ['YYYY.MM', '2025x08'],
  ['YYYY/MM/DD', '2025/08/01 00'],
  ['YYYY/MM/DD', '2025/08/01 noon'],
  ['YYYY-MM', '2025-08 00:00'],
  ['M/D/YYYY', '13/1/2025'],
  ['MM/DD/YYYY', '8/1/2025'],
  ['YYYY-MM', '2025-08 – 2025-09 – 2025-10'],
  ['YYYY-MM', ' – 2025-08'],
])('%s refuses %j', (pattern, text) => {
  expect(monthReader([pattern])(text).problem).toContain(pattern);
});

it('takes the first pattern that fits', () => {
  const read = monthReader(['YYYY/MM/DD', 'DD/MM/YYYY']);
  expect(read('2025/08/01')).toEqual({ value: '202508' });
  expect(read('01/08/2025')).toEqual({ value: '202508' });
});

it('reads the month of every day there is, and of no other', () => {
  const read = monthReader(['YYYY-MM-DD']);
  const two = (max: number) => fc.nat({ max }).map((number) => `${number}`.padStart(2, '0'));
  fc.assert(
    fc.property(fc.integer({ min: 1900, max: 9999 }), two(13), two(32), (year, month, day) => {
      const text = `${year}-${month}-${day}`;
      const date = new Date(`${text}T00:00:00Z`);
      const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
      expect(read(text).value).toBe(exists ? `${year}${month}` : undefined);
    }),
    { numRuns: 1000 },
  );
});

it('refuses a period that ends before it begins', () => {
  expect(monthReader(['YYYY-MM-DD'])('2025-08-02 – 2025-08-01')).toEqual({ problem: 'ends before it begins' });
});

it('knows a good pattern from one that could not be read', () => {
  const good = ['YYYYMM', 'YYYY-MM', 'MM/YYYY', 'M/D/YYYY', 'D.M.YYYY', 'YYYY|MM', '[MM] (YYYY)*', 'YYYYMMDD'];
  expect(good.map(monthPatternProblem)).toEqual(good.map(() => null));
  for (const bad of ['', 'YYYY', 'MM', 'YYYY-MM-MM', 'YYYY-MM-DD-D', 'YYYY-YYYY-MM']) {
    expect([bad, monthPatternProblem(bad)]).toEqual([bad, 'must have YYYY and MM once each, and DD at most once']);
  }
  for (const bad of ['YY-MM', 'yyyy-mm', 'YYYY-MM hh', 'YYYY-MM-01', 'MMM YYYY h', '\\d{4}MM']) {
    expect([bad, monthPatternProblem(bad)]).toEqual([bad, expect.stringContaining('may have only YYYY')]);
  }
  for (const bad of ['YYYYM', 'MDYYYY', 'YYYYMMD']) {
    expect([bad, monthPatternProblem(bad)]).toEqual([bad, expect.stringContaining('separators around M and D')]);
  }
});
