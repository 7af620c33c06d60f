import { execFile, spawn } from 'node:child_process';
import { chownSync, closeSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { endLeftovers } from './leftovers.js';
import { makeReachable, type PostgresFiles, postgresFiles, postgresUser, type SystemUser } from './postgres-files.js';
import type { ProcessLog } from './process-log.js';
import type { Program } from './supervised.js';

export interface PostgresOptions {
  /** Where the cluster lives; made at the first start. */
  directory: string;
  port: number;
  /** Of the superuser `postgres`. */
  password: string;
  /** False for tests: much faster, and a power failure may lose data. */
  durable: boolean;
  log: ProcessLog;
  report: (line: string) => void;
}

export const superuserUrl = ({ port, password }: Pick<PostgresOptions, 'port' | 'password'>, database = 'postgres') =>
  postgresUrl('postgres', password, port, database);

export const postgresUrl = (role: string, password: string, port: number, database: string) =>
  `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;

/** A PostgreSQL server of our own on 127.0.0.1, made on the first start. It runs as a user of its own when we are root. */
export async function postgresServer(options: PostgresOptions): Promise<Program> {
  const files = postgresFiles();
  const user = postgresUser();
  if (user) passThrough(user, [files.postgres, options.directory], options.report);
  if (!existsSync(options.directory)) await makeCluster(files, user, options);
  return {
    name: 'postgres',
    stopSignal: 'SIGINT', // "fast": ends sessions, then writes everything out
    prepare: () => clearAway(options.directory),
    spawn: () => spawnServer(files, user, options),
    isReady: () => accepts(superuserUrl(options)),
    lastWords: () => options.log.lastWords(),
  };
}

/**
 * Ends what is left of an earlier server, and then its pid file. PostgreSQL would refuse to start while any process has
 * that number, be it a dead one that nobody has collected, or another program's by chance.
 */
async function clearAway(directory: string): Promise<void> {
  await endLeftovers(['postgres'], directory);
  rmSync(join(directory, 'postmaster.pid'), { force: true });
}

function passThrough(user: SystemUser, paths: string[], report: (line: string) => void): void {
  const changed = paths.flatMap((path) => makeReachable(path));
  if (changed.length === 0) return;
  report(
    `PostgreSQL does not run as root, so it runs as the user with id ${user.uid}. ` +
      `So that it reaches its files, other users may now pass through ${changed.join(', ')} (they cannot list them).`,
  );
}

/** Makes the cluster aside and moves it into place when it is whole, so that an interrupted first start leaves nothing half made. */
async function makeCluster(files: PostgresFiles, user: SystemUser | null, options: PostgresOptions): Promise<void> {
  const unfinished = `${options.directory}.new`;
  const passwordFile = `${options.directory}.password`;
  await endLeftovers(['initdb', 'postgres'], unfinished);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  if (user) for (const path of [unfinished, passwordFile]) chownSync(path, user.uid, user.gid);
  try {
    await promisify(execFile)(files.initdb, initdbFlags(unfinished, passwordFile, options.durable), {
      ...user,
      cwd: unfinished,
      env: { ...process.env, LC_ALL: 'C' },
    });
  } catch (error) {
    throw new Error(`PostgreSQL could not make its files in ${dirname(options.directory)}: ${reasonOf(error)}`, {
      cause: error,
    });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(unfinished, options.directory);
}

const initdbFlags = (directory: string, passwordFile: string, durable: boolean) => [
  `--pgdata=${directory}`,
  '--username=postgres',
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin', // the same order on every system, whatever its C library
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  ...(durable ? [] : ['--no-sync']),
];

function reasonOf(error: unknown): string {
  const said = (error as { stderr?: string }).stderr?.trim();
  return said || (error instanceof Error ? error.message : String(error));
}

function spawnServer(
  files: PostgresFiles,
  user: SystemUser | null,
  { directory, port, durable, log }: PostgresOptions,
) {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(!durable && { fsync: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = log.open();
  const server = spawn(files.postgres, ['-D', directory, '-p', String(port), ...flags], {
    ...user,
    cwd: directory,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  return server;
}

async function accepts(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {}); // the attempt reports it
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (isStarting(error)) return false;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Only what the server itself refuses, such as a wrong password or a missing database, will not pass by waiting. */
const isStarting = (error: unknown) => !/^(28|3D)...$/.test((error as { code?: string }).code ?? '');
