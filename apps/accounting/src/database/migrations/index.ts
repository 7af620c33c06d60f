import { Accounting1795300000000 } from './1795300000000-accounting.js';
import { BookState1795390000000 } from './1795390000000-book-state.js';

export const migrations = [Accounting1795300000000, BookState1795390000000];
