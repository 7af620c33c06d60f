import { expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { payment, testLedger } from '../../test/ledger.js';
import { bookJournals } from './book-journals.js';
import { dropLedgerTables, ledgerTables } from './ledger-tables.js';

it('the tables can be taken away without a trace, and made again', async () => {
  const ledger = await testLedger();
  const owner = new DataSource({
    type: 'postgres',
    url: ledger.database.ownerUrl,
    installExtensions: false,
    extra: { options: '-c app.service_role=ledger' },
  });
  await owner.initialize();
  const queryRunner = owner.createQueryRunner();
  const objects = () =>
    ledger.asOwner(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
       UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`,
    );
  const before = await objects();
  await dropLedgerTables(queryRunner);
  expect(JSON.stringify(await objects())).not.toMatch(/journal|posting|period|movement|turnover|balance|ledger/);
  await ledgerTables(queryRunner);
  expect(await objects()).toEqual(before);
  await ledger.transactions.inTenant(1, (manager) => bookJournals(manager, 1, [payment('p', '1')]));
  await owner.destroy();
  await ledger.stop();
});
