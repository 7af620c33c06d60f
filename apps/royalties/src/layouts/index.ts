import apple from './apple.json' with { type: 'json' };
import believeFrench from './believe-fr.json' with { type: 'json' };
import believe from './believe.json' with { type: 'json' };
import cdBaby from './cdbaby.json' with { type: 'json' };
import distroKid from './distrokid.json' with { type: 'json' };
import dsr from './dsr.json' with { type: 'json' };
import fuga from './fuga.json' with { type: 'json' };
import kontor from './kontor.json' with { type: 'json' };
import type { BuiltInLayout } from './layout.js';
import tuneCore from './tunecore.json' with { type: 'json' };

export type { BuiltInLayout, Layout } from './layout.js';

const builtIn = [
  apple,
  believe,
  believeFrench,
  cdBaby,
  distroKid,
  dsr,
  fuga,
  kontor,
  tuneCore,
] as readonly BuiltInLayout[];

/** The distributors whose files can be read, in alphabetical order. */
export const knownDistributors = (): string[] => [...new Set(builtIn.map(({ distributor }) => distributor))].sort();

export const knownDistributor = (name: string): boolean => builtIn.some(({ distributor }) => distributor === name);

/** The layouts that a distributor's files may have; a file has the one whose columns it has. */
export const layoutsOf = (name: string): BuiltInLayout[] => builtIn.filter(({ distributor }) => distributor === name);
