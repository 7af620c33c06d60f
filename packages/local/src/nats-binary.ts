import { execFile } from 'node:child_process';
import { accessSync, constants, copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../../../.cache/nats/', import.meta.url));

/**
 * Finds nats-server, or fetches it: `NATS_SERVER_BIN`, what was fetched before, `PATH`, Debian's package.
 *
 * @returns its path
 */
export async function natsBinary(report: (line: string) => void = () => {}): Promise<string> {
  const chosen = process.env['NATS_SERVER_BIN'];
  if (chosen) {
    if (isProgram(chosen)) return chosen;
    throw new Error(`NATS_SERVER_BIN is ${chosen}, which is not a program. Set it to the path of nats-server.`);
  }
  const directories = [cache, ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = directories.map((directory) => join(directory, 'nats-server')).find(isProgram);
  return found ?? (await fetchBinary(report));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** As any user and without touching the system: apt checks the package's signature, dpkg only unpacks it. */
async function fetchBinary(report: (line: string) => void): Promise<string> {
  report('Fetching nats-server (once) …');
  const work = mkdtempSync(join(tmpdir(), 'countinghouse-nats-'));
  try {
    await download(work).catch(() => downloadWithOwnLists(work));
    const [archive] = readdirSync(work).filter((name) => name.endsWith('.deb'));
    await run('dpkg', ['-x', archive!, 'unpacked'], { cwd: work });
    return keep(join(work, 'unpacked/usr/sbin/nats-server'));
  } catch (error) {
    throw new Error(noBinary, { cause: error });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const download = (work: string) => run('apt-get', ['-qq', 'download', 'nats-server'], { cwd: work });

/** For images that come without apt's package lists. */
async function downloadWithOwnLists(work: string): Promise<void> {
  const directories = { 'Dir::State::Lists': join(work, 'lists'), 'Dir::Cache': join(work, 'cache') };
  for (const path of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(work, path), { recursive: true });
  const settings = { ...directories, 'Debug::NoLocking': '1', 'APT::Sandbox::User': '' };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await run('apt-get', [...options, '-qq', 'update'], { cwd: work });
  await run('apt-get', [...options, '-qq', 'download', 'nats-server'], { cwd: work });
}

/** Moved into place whole, so that another start at the same time sees all of it or nothing. */
function keep(binary: string): string {
  mkdirSync(cache, { recursive: true });
  const kept = join(cache, 'nats-server');
  const unfinished = `${kept}.${process.pid}`;
  copyFileSync(binary, unfinished);
  renameSync(unfinished, kept);
  return kept;
}

const noBinary =
  'nats-server is needed and could not be fetched. Install it with one command: ' +
  '"apt-get install nats-server" (Debian, Ubuntu), "apk add nats-server" (Alpine), "brew install nats-server" (macOS), ' +
  'or set NATS_SERVER_BIN to where it is.';
