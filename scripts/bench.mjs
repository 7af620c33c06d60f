// npm run bench: the performance tables, each as a ratio against a peer in the same run.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, command, prepare, Refusal, root, run, say } from './setup.mjs';

const tables = new Map(
  readdirSync(join(root, 'bench'))
    .map((file) => [file.replace(/\.(mjs|ts)$/, ''), file])
    .filter(([name, file]) => name !== file),
);

const help = `npm run bench [-- name… [options]]

  Builds, and prints performance tables: all of them, or those named. Options go to the table.
  Tables: ${[...tables.keys()].join(', ')}`;

await command(async () => {
  const given = process.argv.slice(2);
  if (given.includes('--help')) return say(help);
  const optionsBegin = given.findIndex((word) => word.startsWith('-'));
  const names = optionsBegin === -1 ? given : given.slice(0, optionsBegin);
  const options = given.slice(names.length);
  const unknown = names.find((name) => !tables.has(name));
  if (unknown) throw new Refusal(`There is no table ${unknown}; there are ${[...tables.keys()].join(', ')}.`);
  await prepare();
  say('Building …');
  await build('./apps/*', './bench');
  let failed = 0;
  for (const name of names.length > 0 ? names : tables.keys()) {
    say(`\n── ${name} ${'─'.repeat(60 - name.length)}\n`);
    const { code } = await run(process.execPath, [join('bench', tables.get(name)), ...options]);
    if (code !== 0) failed += 1;
  }
  if (failed > 0) throw new Refusal(`${failed} of the tables could not be made; the reasons are above.`);
});
