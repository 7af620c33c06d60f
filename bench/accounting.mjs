// Recalculations against one SQL per split, and how soon a statement and a changed split are in every figure: through the
// whole product. Lists in a large book: apps/accounting/bench/lists.mjs.
//
//   npm run bench -- accounting [--lines 2000000] [--rounds 3] [--users 50000]
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPlatform } from '@countinghouse/local';
import { loadLines, oneSqlPerSplit } from './accounting/one-sql-per-split.mjs';
import { World } from './accounting/world.mjs';

const { values: options } = parseArgs({
  options: {
    lines: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '3' },
    /** Of the large tenant; 0 for none. */
    users: { type: 'string', default: '50000' },
  },
});
const [lines, rounds, manyUsers] = ['lines', 'rounds', 'users'].map((name) => Number(options[name]));
const times = async (count, work) => {
  const all = [];
  for (let at = 0; at < count; at++) all.push(await work(at));
  return all.toSorted((a, b) => a - b);
};
const seconds = (milliseconds) => Number((milliseconds / 1000).toFixed(3));

const folder = await mkdtemp(join(tmpdir(), 'countinghouse-bench-'));
const platform = await startPlatform({
  home: join(folder, 'home'),
  port: 0,
  durable: false,
  quiet: true,
  env: { RATE_LIMIT_PER_MINUTE: '1000000' },
});
try {
  console.log(`load of the machine before it begins ${loadavg()[0].toFixed(1)}; best of ${rounds}\n`);
  const world = await World.make(platform, { users: 500, tracks: 20_000, splits: 5_000, lines });
  await world.makeSplits();
  const stored = [];
  for (let at = 0; at < rounds; at++) stored.push(await world.storeEarnings());
  const [first, ...more] = stored;
  const published = [await world.publish(first)];
  const ours = await times(rounds, () => world.recalculate());
  const peerClient = await loadLines(world, first);
  const peer = await times(Math.min(rounds, 2), () => oneSqlPerSplit(peerClient, world.tenantId));
  await peerClient.query('DROP SCHEMA peer CASCADE');
  await peerClient.end();
  console.log(`${lines} lines, 500 users, 5,000 splits`);
  console.table([
    {
      way: 'one SQL per split, in PostgreSQL',
      seconds: seconds(peer[0]),
      'ours is': `${(peer[0] / ours[0]).toFixed(1)} × as fast`,
    },
    { way: 'Countinghouse, from the job’s start to its end', seconds: seconds(ours[0]), 'ours is': '' },
  ]);

  const changes = await times(20, (at) => world.changeSplit(at * 37));
  for (const earnings of more) published.push(await world.publish(earnings));
  const later = await times(20, (at) => world.changeSplit(at * 41 + 1));
  console.log('until it is in every figure (goal: 2 s)');
  console.table([
    {
      what: `a statement of ${lines} lines, from when accounting hears of it`,
      median: seconds(published.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]),
      slowest: seconds(Math.max(...published)),
    },
    { what: `a changed split, ${lines} lines`, median: seconds(changes[10]), slowest: seconds(changes[19]) },
    { what: `a changed split, ${rounds * lines} lines`, median: seconds(later[10]), slowest: seconds(later[19]) },
  ]);
  await world.close();

  if (manyUsers > 0) {
    const large = await World.make(platform, { users: manyUsers, tracks: 200_000, splits: 50_000, lines });
    await large.makeSplits();
    await large.publish(await large.storeEarnings());
    const [best] = await times(rounds, () => large.recalculate());
    const perUser = [ours[0] / 500, best / manyUsers];
    console.log('recalculation by users (goal: time per user at most 2 ×)');
    console.table([
      { users: 500, seconds: seconds(ours[0]), 'ms per user': perUser[0].toFixed(2), compared: '' },
      {
        users: manyUsers,
        seconds: seconds(best),
        'ms per user': perUser[1].toFixed(2),
        compared: `${(perUser[1] / perUser[0]).toFixed(2)} ×`,
      },
    ]);
    await large.close();
  }
} finally {
  await platform.stop();
  await rm(folder, { recursive: true, force: true });
}
