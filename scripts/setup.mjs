// What every command does first, on a fresh clone too: Node.js built-ins only, and nothing newer than Node.js 20.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const bin = join(root, 'node_modules', '.bin');
const lockfile = join(root, 'package-lock.json');
/** npm writes it last. */
const record = join(root, 'node_modules', '.package-lock.json');
const note = join(root, 'node_modules', '.installed-from');
const lockfileHash = () => createHash('sha256').update(readFileSync(lockfile)).digest('hex');

export const say = (line) => console.log(line);

/** An error of which only the message is for people. */
export class Refusal extends Error {}

/** Runs a command's main function: errors become a line or two, and a stack only for whoever debugs. */
export async function command(main) {
  // Whoever read our output may be gone before us; that is no reason to fall.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    process.exit(await main());
  } catch (error) {
    const debug = ['debug', 'trace'].includes(process.env.LOG_LEVEL);
    console.error(`\n✗ ${debug && !(error instanceof Refusal) ? error.stack : error.message}`);
    process.exit(1);
  }
}

/** Brings the checkout to where its own code can run: packages installed, Node.js 24 at work. Ends this process otherwise. */
export async function prepare() {
  refuseOldNode('20.19.0', 'Countinghouse needs');
  if (!isInstalled()) await install();
  await continueOnNode24();
  process.chdir(root);
}

/** Builds workspaces and what they need; what has not changed is not built again. */
export async function build(...filters) {
  const scope = filters.map((filter) => `--filter=${filter}`);
  const { code, output } = await run('turbo', ['run', 'build', '--output-logs=errors-only', ...scope], { quiet: true });
  if (code !== 0) throw new Refusal(`The build failed:\n\n${output}`);
}

/**
 * Runs a program of ours to its end, which also comes when this process is asked to end.
 *
 * @returns its exit code, and with `quiet` what it said instead of showing it
 */
export function run(program, args, { quiet = false, env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: '1', ...env },
    });
    let output = '';
    for (const stream of quiet ? [child.stdout, child.stderr] : []) stream.on('data', (data) => (output += data));
    let asked = false;
    const forget = whenAskedToEnd(() => {
      asked = true;
      child.kill('SIGTERM');
    });
    child.once('error', reject);
    child.once('close', (code) => {
      forget();
      if (asked) process.exit(130);
      resolve({ code: code ?? 1, output });
    });
  });
}

/**
 * Calls back for each signal that asks this process to end, and when npm, which started it, is gone without a word.
 *
 * @returns what stops listening
 */
export function whenAskedToEnd(callback) {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, callback);
  if (process.send) process.once('disconnect', callback);
  const parent = process.ppid;
  const startedByNpm = process.env.npm_lifecycle_event !== undefined;
  const look = setInterval(() => {
    if (!startedByNpm || process.ppid === parent) return;
    clearInterval(look);
    callback();
  }, 500).unref();
  return () => {
    for (const signal of signals) process.off(signal, callback);
    process.off('disconnect', callback);
    clearInterval(look);
  };
}

function refuseOldNode(wanted, sentence) {
  if (isAtLeast(wanted)) return;
  throw new Refusal(
    `${sentence} Node.js ${wanted} or newer; this is ${process.version}.\n` +
      '  Install version 24 from https://nodejs.org (or with "nvm install 24", "brew install node@24") and run the same command again.',
  );
}

function isAtLeast(wanted) {
  const [major, minor] = wanted.split('.').map(Number);
  const [ourMajor, ourMinor] = process.versions.node.split('.').map(Number);
  return ourMajor > major || (ourMajor === major && ourMinor >= minor);
}

/** Whether what is installed is what the lockfile says: we noted so, or npm finished after the lockfile was last changed. */
function isInstalled() {
  if (!existsSync(record)) return false;
  const noted = existsSync(note) && readFileSync(note, 'utf8') === lockfileHash();
  return noted || statSync(record).mtimeMs >= statSync(lockfile).mtimeMs;
}

async function install() {
  say('Installing packages (npm ci), about half a minute …');
  // npm empties node_modules, so it must not run on the Node.js that lies in there.
  const path = process.env.PATH.split(delimiter).filter((directory) => !directory.includes('node_modules'));
  const { code, output } = await run('npm', ['ci'], { quiet: true, env: { PATH: path.join(delimiter) } });
  if (code !== 0)
    throw new Refusal(`npm ci failed. It needs the npm registry; if that is reachable, this says why:\n\n${output}`);
  writeFileSync(note, lockfileHash());
}

/** Node.js 24 comes as a package where there is one for the system; the rest of this process happens on it. */
async function continueOnNode24() {
  if (isAtLeast('24.9.0')) return;
  const node24 = join(bin, 'node');
  if (!existsSync(node24))
    refuseOldNode('24.9.0', `There is no packaged Node.js for ${process.platform}-${process.arch}, so this needs`);
  // In a session of its own, so that a Ctrl-C reaches it once, from here; over the channel it learns when we are gone.
  const child = spawn(node24, process.argv.slice(1), {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  whenAskedToEnd(() => child.kill('SIGTERM'));
  child.once('error', (error) => {
    console.error(`\n✗ ${node24} does not run here (${error.message}). Install Node.js 24 from https://nodejs.org.`);
    process.exit(1);
  });
  child.once('exit', (code) => process.exit(code ?? 1));
  await new Promise(() => {});
}
