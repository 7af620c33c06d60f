import { Identity1795180000000 } from './1795180000000-identity.js';

export const migrations = [Identity1795180000000];
