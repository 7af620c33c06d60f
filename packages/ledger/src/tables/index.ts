export { balance, type Balance, balances, trialBalance } from './balances.query.js';
export { type Booked, bookJournals } from './book-journals.js';
export { entries, type EntriesWanted, type Entry, type EntryPosition } from './entries.query.js';
export { foldMovements, MovementFolding } from './movement-folding.js';
export { getJournal, getJournals } from './journal.query.js';
export { type LedgerFaults, ledgerFaults } from './ledger-faults.query.js';
export { dropLedgerTables, ledgerTables } from './ledger-tables.js';
export { closedMonths, closeMonth, reopenMonth } from './periods.js';
