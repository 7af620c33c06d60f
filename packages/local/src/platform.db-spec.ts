import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type Platform, type PlatformOptions, startPlatform } from './platform.js';

/** The smallest app: healthy, and gone when it is asked to or when its launcher is gone. */
const ledgerApp = `
require('node:http').createServer((_, response) => response.end('{}')).listen(process.env.OPS_PORT, '127.0.0.1');
for (const event of ['disconnect', 'SIGTERM']) process.once(event, () => process.exit(0));
require('node:fs').writeFileSync('environment.json', JSON.stringify(process.env));`;

const brokenApp = `process.stderr.write('The configuration is not usable:\\n  COLOUR: is missing\\n'); process.exit(78);`;

let directory: string;
let options: PlatformOptions;
let platform: Platform | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countinghouse-local-'));
  options = { home: join(directory, 'home'), apps: join(directory, 'apps'), port: 0, durable: false, quiet: true };
  addApp('ledger', ledgerApp);
});

afterEach(async () => {
  await platform?.stop();
  platform = undefined;
  expect(processesOf(directory)).toEqual([]);
  rmSync(directory, { recursive: true });
});

describe('starting', () => {
  it('gives a service a database in which its own role owns nothing', async () => {
    platform = await startPlatform(options);
    await query(platform.ownerDatabaseUrl('ledger'), 'CREATE TABLE entry (text text); GRANT SELECT ON entry TO ledger');
    const plain = platform.databaseUrl('ledger');
    expect(await query(plain, 'SELECT text FROM entry')).toEqual([]);
    await expect(query(plain, `INSERT INTO entry VALUES ('x')`)).rejects.toThrow('permission denied for table entry');
    await expect(query(plain, 'CREATE TABLE other (text text)')).rejects.toThrow('permission denied for schema public');
    await expect(query(plain.replace(/ledger$/, 'postgres'), 'CREATE DATABASE other')).rejects.toThrow(
      'permission denied',
    );
    expect(
      await query(plain, 'SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user'),
    ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false }]);
  });

  it('lets no service into the database of another', async () => {
    addApp('payroll', ledgerApp);
    platform = await startPlatform(options);
    const foreign = platform.databaseUrl('ledger').replace(/ledger$/, 'payroll');
    await expect(query(foreign, 'SELECT 1')).rejects.toThrow('permission denied for database "payroll"');
  });

  it('sorts text by code point, whatever the system says', async () => {
    platform = await startPlatform(options);
    const rows = await query(
      platform.databaseUrl('ledger'),
      `SELECT string_agg(word, ' ' ORDER BY word) AS words FROM unnest(ARRAY['b', 'Z', 'ä', 'a']) AS word`,
    );
    expect(rows).toEqual([{ words: 'Z a b ä' }]);
  });

  it('tells an app all it needs, and no secret of another', async () => {
    platform = await startPlatform(options);
    const environment = environmentOf('ledger');
    expect(environment).toMatchObject({
      EMBEDDED: '1',
      COUNTINGHOUSE_HOME: platform.home,
      DATABASE_URL: platform.databaseUrl('ledger'),
      MIGRATION_DATABASE_URL: platform.ownerDatabaseUrl('ledger'),
      OPS_PORT: new URL(platform.operationsUrl('ledger')).port,
    });
    expect(environment).not.toHaveProperty('TOKEN_PRIVATE_KEY');
    expect(environment).not.toHaveProperty('ADMIN_PASSWORD');
  });

  it('keeps its secrets from other users and from the next start', async () => {
    platform = await startPlatform(options);
    const { adminPassword, home, isNew } = platform;
    expect(isNew).toBe(true);
    expect(statSync(join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'nats/nats.conf')).mode & 0o777).toBe(0o600);
    await platform.stop();
    platform = await startPlatform(options);
    expect(platform).toMatchObject({ adminPassword, isNew: false });
  });

  it('refuses a home that another launcher uses, and says whose it is', async () => {
    platform = await startPlatform(options);
    await expect(startPlatform(options)).rejects.toThrow(
      `already runs from ${platform.home} (process ${process.pid}, ${platform.url})`,
    );
  });

  it('refuses NATS to whoever has no password', async () => {
    platform = await startPlatform(options);
    const url = new URL(platform.natsUrl);
    url.password = 'guess';
    await expect(ask(url.href, '$JS.API.INFO', '')).rejects.toThrow('Authorization Violation');
  });

  it('stops everything and passes on what an app said when it does not start', async () => {
    addApp('payroll', brokenApp);
    await expect(startPlatform(options)).rejects.toThrow(
      'payroll did not start (exit code 78):\nThe configuration is not usable:\n  COLOUR: is missing',
    );
  });

  it('stops everything when it is called off', async () => {
    const calledOff = new AbortController();
    const starting = startPlatform({ ...options, signal: calledOff.signal });
    calledOff.abort();
    await expect(starting).rejects.toThrow('This operation was aborted');
  });

  it('stops everything when it is called off half way', async () => {
    const calledOff = new AbortController();
    const starting = startPlatform({ ...options, signal: calledOff.signal });
    await until(() => processesOf(directory).some(({ command }) => command.includes('nats-server')));
    calledOff.abort();
    await expect(starting).rejects.toThrow(/[Ss]topped while/);
  });

  it('names the option for another port when the port is taken', async () => {
    addApp('gateway', ledgerApp);
    const first = await startPlatform({ ...options, home: join(directory, 'first'), services: [] });
    const { port } = new URL(first.natsUrl);
    await expect(startPlatform({ ...options, port: Number(port) })).rejects.toThrow(
      `Port ${port} is used by another program. Choose another one: npm start -- --port ${Number(port) + 1}`,
    );
    await first.stop();
  });
});

describe('recovering', () => {
  it('loses nothing when PostgreSQL is killed, and starts it on its old port', async () => {
    platform = await startPlatform({ ...options, durable: true });
    const owner = platform.ownerDatabaseUrl('ledger');
    await query(owner, `CREATE TABLE entry (text text); INSERT INTO entry VALUES ('kept')`);
    const busy = query(owner, 'SELECT pg_sleep(60)').catch((error: Error) => error.message);
    await platform.kill('postgres');
    expect(await busy).toMatch(/terminated|ECONNRESET/);
    expect(platform.pid('postgres')).toBeUndefined();
    await platform.restart('postgres');
    expect(await query(owner, 'SELECT text FROM entry')).toEqual([{ text: 'kept' }]);
  });

  it('starts although the process number that PostgreSQL left behind is in use', async () => {
    platform = await startPlatform(options);
    const { home } = platform;
    await platform.stop();
    writeFileSync(join(home, 'postgres/postmaster.pid'), `${process.pid}\n${join(home, 'postgres')}\n`);
    platform = await startPlatform(options);
    expect(platform.pid('postgres')).toBeGreaterThan(0);
  });

  it('loses no stream when NATS is killed', async () => {
    platform = await startPlatform(options);
    const stream = JSON.stringify({ name: 'FACTS', subjects: ['facts.>'], storage: 'file' });
    await ask(platform.natsUrl, '$JS.API.STREAM.CREATE.FACTS', stream);
    await ask(platform.natsUrl, 'facts.one', 'kept');
    await platform.kill('nats');
    await platform.restart('nats');
    expect(JSON.parse(await ask(platform.natsUrl, '$JS.API.STREAM.INFO.FACTS', ''))).toMatchObject({
      state: { messages: 1 },
    });
  });

  it('starts an app again when it dies of itself', async () => {
    platform = await startPlatform(options);
    const before = platform.pid('ledger')!;
    process.kill(before, 'SIGKILL');
    await until(async () => {
      const pid = platform!.pid('ledger');
      return pid !== undefined && pid !== before && (await answers(platform!.operationsUrl('ledger')));
    });
  });

  it('leaves an app ended that was killed on purpose', async () => {
    platform = await startPlatform(options);
    await platform.kill('ledger');
    await platform.kill('nats');
    await platform.restart('nats');
    expect(platform.pid('ledger')).toBeUndefined();
    await platform.restart('ledger');
    expect(await answers(platform.operationsUrl('ledger'))).toBe(true);
  });

  it('leaves no process behind when the launcher is killed, and finds its data again', async () => {
    const launcher = await startLauncher();
    launcher.kill('SIGKILL');
    await until(() => processesOf(directory).length === 0);
    platform = await startPlatform(options);
    expect(await query(platform.ownerDatabaseUrl('ledger'), 'SELECT text FROM entry')).toEqual([{ text: 'kept' }]);
  });

  it('begins again with a first start that was interrupted', async () => {
    const launcher = launch();
    await until(() => processesOf(directory).some(({ command }) => command.includes('initdb')));
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    platform = await startPlatform(options);
    expect(await query(platform.databaseUrl('ledger'), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('ends what is still there when the launcher was killed together with its guard', async () => {
    const launcher = await startLauncher();
    const guards = childrenOf(launcher.pid!).filter((pid) => commandOf(pid).startsWith('/bin/sh'));
    expect(guards).toHaveLength(1);
    // Stopped first, so that the launcher cannot replace the guard in between.
    launcher.kill('SIGSTOP');
    for (const pid of guards) process.kill(pid, 'SIGKILL');
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    expect(processesOf(directory).length).toBeGreaterThan(0);
    platform = await startPlatform(options);
    expect(await query(platform.ownerDatabaseUrl('ledger'), 'SELECT text FROM entry')).toEqual([{ text: 'kept' }]);
  });
});

function addApp(name: string, main: string): void {
  mkdirSync(join(directory, 'apps', name, 'dist'), { recursive: true });
  writeFileSync(join(directory, 'apps', name, 'dist/main.js'), main);
}

const environmentOf = (app: string) =>
  JSON.parse(readFileSync(join(directory, 'apps', app, 'environment.json'), 'utf8')) as Record<string, string>;

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {}); // the query reports it
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** A request to NATS in its own protocol, answered with the first message that comes back. */
function ask(url: string, subject: string, body: string): Promise<string> {
  const { hostname, port, username: user, password: pass } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.write(`CONNECT ${JSON.stringify({ user, pass, verbose: false })}\r\nSUB inbox 1\r\n`);
  socket.write(`PUB ${subject} inbox ${Buffer.byteLength(body)}\r\n${body}\r\n`);
  socket.on('error', reject);
  socket.on('data', (data) => {
    received += data.toString();
    const refusal = received.match(/-ERR '(.*)'/);
    const message = received.match(/MSG inbox 1 +\d+\r\n(.*)\r\n/);
    if (refusal) reject(new Error(refusal[1]));
    if (message) resolve(message[1]!);
    if (refusal || message) socket.destroy();
  });
  return promise;
}

/** The platform in a process of its own, which sends the ledger's address when it is up. */
function launch() {
  const code = `
    import { startPlatform } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const platform = await startPlatform(${JSON.stringify(options)});
    process.send(platform.ownerDatabaseUrl('ledger'));`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** A launcher that is up, with a row in the ledger. */
async function startLauncher() {
  const launcher = launch();
  const url = await new Promise<string>((resolve) => launcher.once('message', (sent) => resolve(sent as string)));
  await query(url, `CREATE TABLE entry (text text); INSERT INTO entry VALUES ('kept')`);
  return launcher;
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Waits for something that must come to pass; the test's own time limit is what fails it. */
async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await reached())) await delay(20);
}

const processTable = () =>
  execFileSync('ps', ['-axwwo', 'pid=,ppid=,stat=,command='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.match(/^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/))
    .filter((match) => match !== null && !match[3]!.startsWith('Z'))
    .map((match) => ({ pid: Number(match![1]), parent: Number(match![2]), command: match![4]! }));

const processesOf = (directory: string) => processTable().filter(({ command }) => command.includes(directory));
const childrenOf = (parent: number) => processTable().flatMap((each) => (each.parent === parent ? [each.pid] : []));
const commandOf = (pid: number) => processTable().find((each) => each.pid === pid)?.command ?? '';
