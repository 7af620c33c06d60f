import { Royalties1795179600000 } from './1795179600000-royalties.js';
import { Corrections1795266000000 } from './1795266000000-corrections.js';
import { Earnings1795270000000 } from './1795270000000-earnings.js';

export const migrations = [Royalties1795179600000, Corrections1795266000000, Earnings1795270000000];
