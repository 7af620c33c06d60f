import { Accounting1795300000000 } from './1795300000000-accounting.js';

export const migrations = [Accounting1795300000000];
