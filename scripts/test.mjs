// npm test: every check there is. Ends with a failure when one of them fails.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, prepare, Refusal, root, run, say } from './setup.mjs';

const help = `npm test

  Installs what is missing and runs every check: types, lint, format, layer rules, and all unit, database and
  end-to-end tests. The tests of one workspace: npm test -w @countinghouse/money`;

const counts = join(root, '.cache', 'test-counts');
const report = join('.turbo', 'jest.json');

const checks = [
  { name: 'types and build', program: 'turbo', args: ['run', 'build', '--output-logs=errors-only'] },
  { name: 'lint, format and layers', program: 'npm', args: ['run', '--silent', 'lint'] },
  {
    name: 'tests',
    program: 'turbo',
    // Always run, never answered from turbo's cache; the build is there already. Two at a time: each is mostly one core.
    args: `run test --only --force --continue --concurrency=2 --env-mode=loose -- --json --outputFile=${report}`.split(
      ' ',
    ),
  },
];

await command(async () => {
  const [option] = process.argv.slice(2);
  if (option === '--help') return say(help);
  if (option)
    throw new Refusal(
      `npm test takes no ${option}; it runs everything.\n  Of one workspace: npm test -w @countinghouse/money -- ${option}`,
    );
  await prepare();
  rmSync(counts, { force: true });
  for (const workspace of workspaces()) rmSync(join(workspace, report), { force: true });
  const results = [];
  for (const check of checks) {
    say(`\n── ${check.name} ${'─'.repeat(60 - check.name.length)}\n`);
    results.push(await carryOut(check));
    if (check === checks[0]) {
      if (!results[0].passed) break; // nothing else means anything
      await fetchNats();
    }
  }
  return close(results);
});

/** Now, so that tests which run side by side do not each fetch it. */
async function fetchNats() {
  const { natsBinary } = await import('../packages/local/dist/index.js');
  await natsBinary(say);
}

async function carryOut({ name, program, args }) {
  const began = performance.now();
  const { code } = await run(program, args);
  return { name, passed: code === 0, seconds: (performance.now() - began) / 1_000 };
}

function workspaces() {
  const folders = (directory) => readdirSync(join(root, directory)).map((name) => join(root, directory, name));
  return ['apps', 'packages'].flatMap(folders);
}

/** What the workspaces' tests came to, and what those that failed said. */
function tally() {
  const total = { passed: 0, failed: 0, skipped: 0, failures: /** @type {string[]} */ ([]) };
  for (const workspace of workspaces()) {
    const result = read(join(workspace, report));
    if (!result) continue;
    total.passed += result.numPassedTests;
    total.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    total.skipped += result.numPendingTests + result.numTodoTests;
    // A file's message has the failures of its tests, and what failed outside of them.
    total.failures.push(...result.testResults.map(({ message }) => message).filter(Boolean));
  }
  return total;
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null; // a workspace without tests, or whose tests did not come to an end
  }
}

function close(results) {
  const { passed, failed, skipped, failures } = tally();
  const broken = results.filter((result) => !result.passed);
  // A check that fails other than by a counted test is one failure too: a type, a lint rule, a test run that broke off.
  const uncounted = broken.filter(({ name }) => name !== 'tests' || failed === 0).length;
  say(`\n── summary ${'─'.repeat(53)}\n`);
  for (const { name, passed: good, seconds } of results)
    say(`${good ? '✓' : '✗'} ${name.padEnd(26)} ${seconds.toFixed(1).padStart(6)} s`);
  for (const { name } of checks.slice(results.length)) say(`- ${name.padEnd(26)} not run`);
  for (const failure of failures) say(`\n${failure.trimEnd()}`);
  if (skipped > 0) say(`  ${skipped} tests were skipped`);
  say(
    broken.length === 0
      ? `\nAll checks hold; ${passed} tests.`
      : `\nNot all checks hold (✗ above); ${failed} of ${passed + failed} tests fail.`,
  );
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(counts, `${passed} passed, ${failed + uncounted} failed\n`);
  return broken.length === 0 ? 0 : 1;
}
