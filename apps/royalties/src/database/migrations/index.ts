import { Royalties1795179600000 } from './1795179600000-royalties.js';
import { Corrections1795266000000 } from './1795266000000-corrections.js';
import { OwnLayouts1795268000000 } from './1795268000000-own-layouts.js';
import { QuickContractKeys1795268500000 } from './1795268500000-quick-contract-keys.js';
import { Earnings1795270000000 } from './1795270000000-earnings.js';
import { People1795353600000 } from './1795353600000-people.js';
import { ObjectSweep1795355000000 } from './1795355000000-object-sweep.js';

export const migrations = [
  Royalties1795179600000,
  Corrections1795266000000,
  OwnLayouts1795268000000,
  QuickContractKeys1795268500000,
  Earnings1795270000000,
  People1795353600000,
  ObjectSweep1795355000000,
];
