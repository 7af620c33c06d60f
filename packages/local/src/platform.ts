import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appProcess } from './app.js';
import { databaseUrl, environmentOf, type Installation, messagesUrl, ownerOf } from './environment.js';
import { type Home, openHome } from './home.js';
import { type Logs, startLogs } from './logs.js';
import { natsBinary } from './nats-binary.js';
import { natsServer } from './nats.js';
import { claimPort, freePort } from './ports.js';
import { postgresServer, superuserUrl } from './postgres.js';
import { Processes } from './processes.js';
import { openSecrets, passwordOf, type Secrets } from './secrets.js';
import { ensureServiceDatabase } from './service-database.js';

export interface PlatformOptions {
  /** Where everything is kept; made when it is not there. */
  home: string;
  /** The gateway's; 8080 when not given, any free one when 0. */
  port?: number | undefined;
  /** Names of the apps to run; all there are when not given. */
  services?: string[];
  /** The folder of the apps; the product's own when not given. */
  apps?: string;
  /** Variables for every app, over its own. */
  env?: Record<string, string>;
  /** False for tests: faster, but a power failure may lose data. */
  durable?: boolean;
  /** Says nothing on the terminal. */
  quiet?: boolean;
  /** Aborting it calls off a start that is under way. */
  signal?: AbortSignal;
}

/** The whole product on this machine. Its processes are named like the apps, and `postgres` and `nats`. */
export interface Platform {
  /** The gateway's address. */
  url: string;
  home: string;
  /** True when nothing had ever been up in this home before. */
  isNew: boolean;
  adminEmail: string;
  adminPassword: string;
  processes: string[];
  natsUrl: string;
  /** As the service itself: row-level security holds. */
  databaseUrl(service: string): string;
  /** As the role that owns the service's tables. */
  ownerDatabaseUrl(service: string): string;
  superuserDatabaseUrl(database?: string): string;
  /** Where an app serves its health and metrics. */
  operationsUrl(app: string): string;
  pid(name: string): number | undefined;
  /** Ends a process, with SIGKILL unless told otherwise, and leaves it ended until it is restarted. */
  kill(name: string, signal?: NodeJS.Signals): Promise<void>;
  /** Stops a process in good order, if it runs, and starts it on its old ports. */
  restart(name: string): Promise<void>;
  /** Stops everything: the apps first. */
  stop(): Promise<void>;
}

const ownApps = fileURLToPath(new URL('../../../apps/', import.meta.url));
/** The NATS user of whoever holds the platform: tests and tools. */
const operator = 'operator';
/** How long an earlier run that was killed may need to leave the gateway's port. */
const leavePortWithinMs = 30_000;

/** What one start works with. */
interface Launch {
  options: PlatformOptions;
  home: Home;
  apps: string[];
  installation: Installation;
  processes: Processes;
  logs: Logs;
  report: (line: string) => void;
}

/** Starts PostgreSQL, NATS and the apps, and waits until all can be used. What fails to start stops everything. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const gatewayPort = options.port === 0 ? await freePort() : (options.port ?? 8080);
  const url = `http://localhost:${gatewayPort}`;
  const home = openHome(resolve(options.home), url);
  const report = (line: string) => (options.quiet ? undefined : console.error(line));
  const logs = startLogs(join(home.path, 'logs'), report);
  const processes = new Processes(report);
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= processes.stop().then(() => {
      logs.close();
      home.release();
    });
    return stopped;
  };
  const callOff = () => void processes.stop();
  options.signal?.addEventListener('abort', callOff);
  try {
    options.signal?.throwIfAborted();
    const apps = options.services ?? foldersOf(options.apps ?? ownApps);
    if (apps.includes('gateway')) await claimPort(gatewayPort, home.uncleanlyLeft ? leavePortWithinMs : 0);
    const installation: Installation = {
      home: home.path,
      publicUrl: process.env['PUBLIC_URL'] ?? url,
      secrets: secretsOf(home, apps),
      gatewayPort,
      postgresPort: await freePort(),
      natsPort: await freePort(),
    };
    const launch = { options, home, apps, installation, processes, logs, report };
    await startServers(launch);
    const operationsPorts = await startApps(launch);
    home.isUp();
    return { ...platformOf(launch, operationsPorts), url, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', callOff);
  }
}

const foldersOf = (directory: string) =>
  readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

const withDatabase = (apps: string[]) => apps.filter((name) => name !== 'gateway');

function secretsOf(home: Home, apps: string[]): Secrets {
  const roles = ['postgres', ...withDatabase(apps).flatMap((name) => [name, ownerOf(name)])];
  const accounts = [...roles.map((role) => `postgres/${role}`), ...[operator, ...apps].map((user) => `nats/${user}`)];
  return openSecrets(join(home.path, 'secrets.json'), accounts, {
    email: process.env['ADMIN_EMAIL'],
    password: process.env['ADMIN_PASSWORD'],
  });
}

async function startServers(launch: Launch): Promise<void> {
  const results = await Promise.allSettled([startPostgres(launch), startNats(launch)]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

async function startPostgres({ options, home, apps, installation, processes, logs, report }: Launch): Promise<void> {
  const { secrets, postgresPort: port } = installation;
  const access = { port, password: passwordOf(secrets, 'postgres/postgres') };
  const { durable = true } = options;
  const directory = join(home.path, 'postgres');
  await processes.startServer(
    await postgresServer({ ...access, directory, durable, log: logs.of('postgres'), report }),
  );
  const make = (service: string) =>
    ensureServiceDatabase(
      {
        service,
        owner: ownerOf(service),
        service_password: passwordOf(secrets, `postgres/${service}`),
        owner_password: passwordOf(secrets, `postgres/${ownerOf(service)}`),
      },
      (database) => superuserUrl(access, database),
    );
  await Promise.all(withDatabase(apps).map(make));
}

async function startNats({ home, apps, installation, processes, logs, report }: Launch): Promise<void> {
  const { secrets, natsPort: port } = installation;
  const users = [operator, ...apps].map((user) => [user, passwordOf(secrets, `nats/${user}`)] as const);
  const directory = join(home.path, 'nats');
  const binary = await natsBinary(report);
  await processes.startServer(
    natsServer({ binary, directory, port, users: Object.fromEntries(users), log: logs.of('nats') }),
  );
}

/** @returns the operations port of each app */
async function startApps({ options, apps, installation, processes, logs }: Launch): Promise<Map<string, number>> {
  const operationsPorts = new Map<string, number>();
  for (const name of apps) operationsPorts.set(name, await freePort());
  const start = ([name, operationsPort]: [string, number]) =>
    processes.startApp(
      appProcess({
        name,
        directory: join(options.apps ?? ownApps, name),
        env: environmentOf(name, operationsPort, installation, options.env ?? {}),
        ports: name === 'gateway' ? [operationsPort, installation.gatewayPort] : [operationsPort],
        log: logs.of(name),
      }),
    );
  await Promise.all([...operationsPorts].map(start));
  return operationsPorts;
}

function platformOf(
  { home, installation, processes }: Launch,
  operationsPorts: Map<string, number>,
): Omit<Platform, 'url' | 'stop'> {
  const { secrets, postgresPort } = installation;
  return {
    home: home.path,
    isNew: home.isNew,
    adminEmail: secrets.adminEmail,
    adminPassword: secrets.adminPassword,
    processes: processes.names,
    natsUrl: messagesUrl(installation, operator),
    databaseUrl: (service) => databaseUrl(installation, service),
    ownerDatabaseUrl: (service) => databaseUrl(installation, service, ownerOf(service)),
    superuserDatabaseUrl: (database) =>
      superuserUrl({ port: postgresPort, password: passwordOf(secrets, 'postgres/postgres') }, database),
    operationsUrl: (app) => `http://127.0.0.1:${operationsPorts.get(app)}`,
    pid: (name) => processes.get(name).pid,
    kill: (name, processSignal = 'SIGKILL') => processes.get(name).kill(processSignal),
    restart: (name) => processes.get(name).restart(),
  };
}
