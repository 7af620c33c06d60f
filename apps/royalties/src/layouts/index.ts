import believeFrench from './believe-fr.json' with { type: 'json' };
import believe from './believe.json' with { type: 'json' };
import kontor from './kontor.json' with { type: 'json' };
import type { Layout } from './layout.js';

export type { Layout } from './layout.js';

const builtIn: readonly Layout[] = [believe, believeFrench, kontor] as readonly Layout[];

/** The distributors whose files can be read, in alphabetical order. */
export const knownDistributors = (): string[] => [...new Set(builtIn.map(({ distributor }) => distributor))].sort();

export const knownDistributor = (name: string): boolean => builtIn.some(({ distributor }) => distributor === name);

/** The layouts that a distributor's files may have; a file has the one whose columns it has. */
export const layoutsOf = (name: string): Layout[] => builtIn.filter(({ distributor }) => distributor === name);
