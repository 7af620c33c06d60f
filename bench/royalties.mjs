// A statement of two million lines: from the file to the six files of every owner, against two peers in the same run;
// then the memory it takes to read a file of a gibibyte.
//
//   npm run bench -- royalties [--lines 2000000] [--rounds 3] [--gigabytes 1]
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startPlatform } from '@countinghouse/local';
import { writeStatement } from './royalties/statement-file.mjs';
import { throughTheProduct } from './royalties/through-the-product.mjs';

const { values: options } = parseArgs({
  options: {
    lines: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '3' },
    gigabytes: { type: 'string', default: '1' },
  },
});
const lines = Number(options.lines);
const folder = await mkdtemp(join(tmpdir(), 'countinghouse-bench-'));

const run = (script, path, env = {}) =>
  new Promise((resolve, reject) => {
    const child = fork(new URL(`./royalties/${script}`, import.meta.url), [path, folder], {
      env: { ...process.env, ...env },
    });
    let result;
    child.once('message', (message) => (result = message));
    child.once('exit', (code) => (result ? resolve(result) : reject(new Error(`${script} ended with ${code}`))));
  });

const statement = join(folder, 'statement.csv');
const bytes = writeStatement(statement, lines);
const platform = await startPlatform({
  home: join(folder, 'home'),
  services: [],
  port: 0,
  durable: false,
  quiet: true,
});
try {
  const database = { DATABASE_URL: platform.superuserDatabaseUrl() };
  const ways = [
    { way: 'PostgreSQL, staging table and wide SQL', script: 'postgres.mjs', env: database },
    { way: 'DuckDB alone, nothing checked', script: 'duckdb-alone.mjs' },
    { way: 'Countinghouse', script: 'ours.mjs' },
  ];
  const best = new Map();
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const { way, script, env } of ways) {
      const result = await run(script, statement, env);
      if (!best.has(way) || result.milliseconds < best.get(way).milliseconds) best.set(way, result);
    }
  }
  const ours = best.get('Countinghouse');
  console.log(`\n${lines} lines, ${Math.round(bytes / 2 ** 20)} MiB, 499 owners; best of ${options.rounds}\n`);
  console.table(
    ways.map(({ way }) => {
      const { milliseconds } = best.get(way);
      return {
        way,
        seconds: (milliseconds / 1000).toFixed(2),
        'lines/s': Math.round((lines / milliseconds) * 1000),
        'ours takes': `${(ours.milliseconds / milliseconds).toFixed(2)} × its time`,
        'ours is': `${(milliseconds / ours.milliseconds).toFixed(2)} × as fast`,
      };
    }),
  );
  const stages = Object.entries(ours.stages).map(([stage, time]) => `${stage} ${(time / 1000).toFixed(2)} s`);
  console.log(`Countinghouse: ${stages.join(', ')}; peak memory of its process ${Math.round(ours.peakMiB)} MiB`);
} finally {
  await platform.stop();
}

if (Number(options.gigabytes) > 0) {
  const large = join(folder, 'large.csv');
  const largeLines = Math.round((Number(options.gigabytes) * 2 ** 30) / (bytes / lines));
  const largeBytes = writeStatement(large, largeLines);
  const product = await startPlatform({ home: join(folder, 'product'), port: 0, durable: false, quiet: true });
  try {
    const { peakMiB, seconds } = await throughTheProduct(product, large);
    console.log(
      `A file of ${Math.round(largeBytes / 2 ** 20)} MiB (${largeLines} lines) through the whole product: ` +
        `${seconds.toFixed(0)} s, peak memory of the royalties service ${Math.round(peakMiB)} MiB`,
    );
  } finally {
    await product.stop();
  }
}
await rm(folder, { recursive: true, force: true });
