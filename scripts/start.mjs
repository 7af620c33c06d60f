// npm start: the whole product on this machine, with one command.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, command, prepare, Refusal, root, say, whenAskedToEnd } from './setup.mjs';

const help = `npm start [-- options]

  Installs what is missing, builds, and runs Countinghouse with its own PostgreSQL and NATS on this machine.
  The first start fills it with a demo.

  --empty       start without the demo
  --port N      port of the API (default: PORT, or 8080)
  --home DIR    where data, logs and secrets are kept (default: COUNTINGHOUSE_HOME, or .data)
  --help        this text`;

function readOptions() {
  const { values } = parse();
  const given = String(values.port ?? process.env.PORT ?? 8080);
  const port = Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Refusal(`${given} is not a port; give --port a number from 1 to 65535.`);
  }
  return { ...values, port, home: resolve(values.home ?? process.env.COUNTINGHOUSE_HOME ?? join(root, '.data')) };
}

function parse() {
  const flag = { type: 'boolean', default: false };
  try {
    return parseArgs({ options: { empty: flag, help: flag, port: { type: 'string' }, home: { type: 'string' } } });
  } catch (error) {
    throw new Refusal(`${error.message.split('. ')[0]}.\n  Options: --empty, --port N, --home DIR, --help`);
  }
}

function refuseServersOfYourOwn() {
  if (!process.env.DATABASE_URL && !process.env.NATS_URL) return;
  throw new Refusal(
    'npm start brings its own PostgreSQL and NATS, but DATABASE_URL or NATS_URL is set.\n' +
      '  Unset them, or run each service against yours, as docker-compose.yml does.',
  );
}

await command(async () => {
  const options = readOptions();
  if (options.help) return say(help);
  refuseServersOfYourOwn();
  await prepare();
  say('Building …');
  await build('./apps/*', '@countinghouse/local');
  say('Starting …');
  const { runUntilStopped } = await import('../packages/local/dist/index.js');
  const asked = stopSignal();
  await runUntilStopped({ ...options, say, asked }).catch((error) => {
    if (!asked.aborted) throw error;
  });
});

/** Aborted at the first request to stop. One Ctrl-C arrives twice, from the terminal and from npm; a later one is impatience. */
function stopSignal() {
  const asked = new AbortController();
  let since = Infinity;
  whenAskedToEnd(() => {
    if (Date.now() - since > 1_500) process.exit(130); // what it leaves behind is ended by its guard
    since = Math.min(since, Date.now());
    asked.abort();
  });
  return asked.signal;
}
