import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { lock } from './lock.js';

/** The directory that holds everything of one installation: databases, messages, objects, logs, secrets. */
export interface Home {
  path: string;
  /** True until everything has been up once. */
  isNew: boolean;
  /** True when the last run did not end by itself, so that some of it may still be going away. */
  uncleanlyLeft: boolean;
  /** Says that everything is up. */
  isUp(): void;
  release(): void;
}

/** Opens a home for this process alone; refuses one that another launcher uses. */
export function openHome(path: string, url: string): Home {
  // Passable for others where root's PostgreSQL, which is another user, has to reach its own directory in it.
  mkdirSync(path, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const home = realpathSync(path);
  refuseForeign(home);
  const running = join(home, 'running');
  const release = lock(join(home, 'lock'));
  if (!release) throw new Error(inUse(home, running));
  const uncleanlyLeft = existsSync(running);
  const begun = join(home, 'begun');
  const isNew = !existsSync(begun);
  if (existsSync(join(home, 'postgres')) && !existsSync(join(home, 'secrets.json'))) throw new Error(lostSecrets(home));
  for (const name of ['logs', 'objects', 'work']) mkdirSync(join(home, name), { recursive: true, mode: 0o700 });
  writeFileSync(running, `process ${process.pid}, ${url}`);
  return {
    path: home,
    isNew,
    uncleanlyLeft,
    isUp: () => {
      if (isNew) writeFileSync(begun, new Date().toISOString());
    },
    release: () => {
      rmSync(running, { force: true });
      release();
    },
  };
}

function refuseForeign(home: string): void {
  try {
    accessSync(home, constants.W_OK);
  } catch {
    throw new Error(`${home} belongs to another user. Start as that user, or choose another directory with --home.`);
  }
}

function inUse(home: string, running: string): string {
  const who = existsSync(running) ? ` (${readFileSync(running, 'utf8')})` : '';
  return `Countinghouse already runs from ${home}${who}. Stop that one first, or choose another directory with --home.`;
}

const lostSecrets = (home: string) =>
  `${join(home, 'secrets.json')} is gone, and the data beside it cannot be opened without it. Put it back, or start over with: rm -rf ${home}`;
