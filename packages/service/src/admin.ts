import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Call, DomainError } from '@countinghouse/contracts';
import { Bus } from './bus/bus.js';
import { connectNats } from './bus/connection.js';
import { factsOperations } from './facts/facts.controller.js';
import type { FailedJob } from './jobs/failed-jobs.js';
import { jobsOperations } from './jobs/jobs.controller.js';

const help = `npm run admin -- <service> <command>

  Looks at what a service could not do, and has it tried again.

  failed-jobs [name]        lists the jobs that were given up, the oldest first
  retry-jobs <name> [id]    begins all failed jobs of a name again, or the one with this id
  retry-facts [id]          applies all facts again that could not be applied, or the one with this id
  replay-facts              publishes all facts of the service again; nobody applies one twice

  <service>    its name, such as royalties
  NATS_URL     the broker of the service; unless set, that of npm start in COUNTINGHOUSE_HOME (.data)

Examples
  npm run admin -- royalties failed-jobs
  npm run admin -- royalties retry-jobs statement`;

/** Each answers what to say. */
const commands: Record<string, (ask: Bus['ask'], service: string, args: string[]) => Promise<string>> = {
  'failed-jobs': async (ask, service, [name]) => {
    const jobs = await ask(jobsOperations(service).failedJobs, { ...(name && { name }) }, call);
    return jobs.length === 0 ? 'No job has failed.' : jobs.map(lineOf).join('\n');
  },
  'retry-jobs': async (ask, service, [name, id]) => {
    if (!name) throw new Error('Say which: retry-jobs <name> [id]; failed-jobs lists them.');
    const { retried } = await ask(jobsOperations(service).retryJobs, { name, ...(id && { id }) }, call);
    return `${retried} begun again.`;
  },
  'retry-facts': async (ask, service, [messageId]) => {
    const request = { ...(messageId && { messageId }) };
    const { applied, failed } = await ask(factsOperations(service).retryDeadLetters, request, call);
    return `${applied} applied, ${failed} could not be applied again.`;
  },
  'replay-facts': async (ask, service) => {
    const { facts } = await ask(factsOperations(service).replayOutbox, {}, call);
    return `${facts} are published again.`;
  },
};

const call: Call = { requestId: `admin-${process.pid}` };
const connectWithinMs = 5_000;

const lineOf = ({ failedAt, name, id, tenantId, subject, starts, error }: FailedJob) =>
  `${failedAt}  ${name}  ${id}  tenant ${tenantId}, subject ${subject}, started ${starts} times: ${error}`;

async function main(): Promise<string> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
  const [service, name, ...args] = positionals;
  if (values.help || !service) return help;
  const command = commands[name ?? ''];
  if (!command) throw new Error(`${name ?? 'No command'}: expected one of ${Object.keys(commands).join(', ')}.`);
  const url = process.env['NATS_URL'];
  if (!url)
    throw new Error('NATS_URL is missing, and npm start has not run here; expected nats://user:password@host:4222.');
  const connection = await Promise.race([connectNats('admin', url), delay(connectWithinMs)]);
  if (!connection) throw new Error('The broker of NATS_URL does not answer.');
  const bus = new Bus(connection);
  return command((operation, request, by) => bus.ask(operation, request, by), service, args);
}

try {
  console.log(await main());
  process.exit(0);
} catch (error) {
  const isUnavailable = error instanceof DomainError && error.reply.code === 'unavailable';
  console.error(`✗ ${(error as Error).message}${isUnavailable ? '. Is the service running?' : ''}`);
  process.exit(1);
}
