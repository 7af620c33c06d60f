import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

/** Runs a command of the repository that is expected to end at once. */
function run(name: string, args: string[], env: Record<string, string> = {}) {
  const script = fileURLToPath(new URL(`../../../scripts/${name}.mjs`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });
  return { status, said: stdout.toString(), complained: stderr.toString() };
}

describe('commands', () => {
  it.each(['start', 'test', 'bench', 'admin'])('%s explains itself', (name) => {
    const { status, said } = run(name, ['--help']);
    expect(status).toBe(0);
    expect(said).toMatch(new RegExp(`^npm (run )?${name}`));
  });

  it.each([
    ['start', ['--emtpy'], "Unknown option '--emtpy'.\n  Options: --empty, --port N, --home DIR, --help"],
    ['start', ['--port', 'http'], 'http is not a port; give --port a number from 1 to 65535.'],
    ['start', ['now'], "Unexpected argument 'now'."],
    ['test', ['--watch'], 'npm test takes no --watch; it runs everything.'],
    ['bench', ['nothing'], 'There is no table nothing; there are '],
    ['admin', ['royalties', 'nothing'], 'nothing: expected one of failed-jobs, retry-jobs, '],
  ])('%s refuses %j and says what would be right', (name, args, complaint) => {
    const { status, complained } = run(name, args);
    expect(status).toBe(1);
    expect(complained).toContain(`✗ ${complaint}`);
    expect(complained).not.toContain('    at ');
  });

  it('start refuses servers of your own and says how to use them', () => {
    const { status, complained } = run('start', [], { DATABASE_URL: 'postgres://db/x', NATS_URL: 'nats://mq' });
    expect(status).toBe(1);
    expect(complained).toContain('run each service against yours, as docker-compose.yml does');
  });
});
