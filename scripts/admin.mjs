// npm run admin: asks a running service to do again what it could not do.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { command, Refusal, root, run } from './setup.mjs';

/** The broker that npm start has brought up, as its own operator. */
function embeddedBroker() {
  const home = resolve(process.env.COUNTINGHOUSE_HOME ?? join(root, '.data'));
  const path = join(home, 'nats', 'nats.conf');
  if (!existsSync(path)) return {};
  const { port, authorization } = JSON.parse(readFileSync(path, 'utf8'));
  const { user, password } = authorization.users.find(({ user }) => user === 'operator');
  return { NATS_URL: `nats://${user}:${password}@127.0.0.1:${port}` };
}

await command(async () => {
  const program = join(root, 'packages', 'service', 'dist', 'admin.js');
  if (!existsSync(program))
    throw new Refusal('Nothing is built here yet; npm start does that, and so does npm run build.');
  const env = process.env.NATS_URL ? {} : embeddedBroker();
  const { code } = await run('node', [program, ...process.argv.slice(2)], { env });
  return code;
});
