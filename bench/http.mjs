// Small reads over HTTP: gateway → NATS → identity → PostgreSQL, against two peers in the same run.
//
//   npm run bench -- http [--seconds 8] [--rounds 3] [--connections 50]
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPlatform } from '@countinghouse/local';
import autocannon from 'autocannon';
import { createUsers } from './http/user-table.mjs';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '50' },
  },
});
const users = 500;

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const children = [];
const start = (script, env) =>
  new Promise((resolve, reject) => {
    const child = fork(new URL(`./http/${script}`, import.meta.url), { env: { ...process.env, ...env } });
    children.push(child);
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
  });

const post = async (url, body, token) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
};

/** A tenant with `users` users; what is asked is one user, by its admin. */
const prepareProduct = async ({ url, adminEmail, adminPassword }) => {
  const root = await post(`${url}/auth/login`, { email: adminEmail, password: adminPassword });
  const admin = { email: 'admin@bench.example', password: 'bench-password-1', firstName: 'Ada', lastName: 'Admin' };
  const tenant = { name: 'Bench', currency: 'EUR', timeZone: 'Europe/Berlin', admin };
  await post(`${url}/tenant`, tenant, root.access_token);
  const { access_token: token } = await post(`${url}/auth/login`, { email: admin.email, password: admin.password });
  const ids = [];
  for (let index = 0; index < users; index++) {
    const user = { email: `user${index}@bench.example`, firstName: 'Ada', lastName: 'Lovelace', roles: ['member'] };
    ids.push((await post(`${url}/user`, user, token)).id);
  }
  return { token, ids };
};

const measure = (url, ids, token) =>
  autocannon({
    url,
    connections: Number(options.connections),
    duration: Number(options.seconds),
    requests: ids.map((id) => ({
      path: `/user/${id}`,
      headers: token ? { authorization: `Bearer ${token}` } : {},
    })),
  });

const home = await mkdtemp(join(tmpdir(), 'countinghouse-bench-'));
const platform = await startPlatform({
  home,
  port: 0,
  quiet: true,
  services: ['identity', 'gateway'],
  env: { RATE_LIMIT_PER_MINUTE: '1000000000' },
});
try {
  const { token, ids } = await prepareProduct(platform);
  const peerDatabase = platform.ownerDatabaseUrl('identity');
  const peerIds = await createUsers(peerDatabase, users);
  const { host, username, password } = new URL(platform.natsUrl);
  const nats = { NATS_SERVER: host, NATS_USER: username, NATS_PASS: password };
  const [stockPort, singlePort] = [await freePort(), await freePort()];
  await start('stock-service.mjs', { ...nats, DATABASE_URL: peerDatabase });
  await start('stock-gateway.mjs', { ...nats, PORT: stockPort });
  await start('single-process.mjs', { DATABASE_URL: peerDatabase, PORT: singlePort });

  const ways = [
    { way: 'stock Nest NATS + TypeORM findOne', url: `http://127.0.0.1:${stockPort}`, ids: peerIds },
    { way: 'Nest + Fastify → pg, one process, no token', url: `http://127.0.0.1:${singlePort}`, ids: peerIds },
    { way: 'Countinghouse: gateway → NATS → identity', url: platform.url, ids, token },
  ];
  const best = new Map();
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const { way, url, ids: paths, token: bearer } of ways) {
      const { requests, latency, non2xx, errors } = await measure(url, paths, bearer);
      if (non2xx > 0 || errors > 0) throw new Error(`${way}: ${non2xx} refusals, ${errors} errors`);
      const before = best.get(way);
      if (!before || before.perSecond < requests.average) {
        best.set(way, { perSecond: requests.average, p50: latency.p50, p99: latency.p99 });
      }
    }
  }
  const ours = best.get(ways[2].way);
  console.log(`GET /user/:id, ${options.connections} connections, best of ${options.rounds} × ${options.seconds} s\n`);
  console.table(
    ways.map(({ way }) => {
      const { perSecond, p50, p99 } = best.get(way);
      return {
        way,
        'requests/s': Math.round(perSecond),
        'p50 ms': p50,
        'p99 ms': p99,
        'ours is': `${(ours.perSecond / perSecond).toFixed(2)} ×`,
      };
    }),
  );
} finally {
  for (const child of children) child.removeAllListeners('exit').kill();
  await platform.stop();
  await rm(home, { recursive: true, force: true });
}
