import { Royalties1795179600000 } from './1795179600000-royalties.js';

export const migrations = [Royalties1795179600000];
