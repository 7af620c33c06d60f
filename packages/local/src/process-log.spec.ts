import { appendFileSync, closeSync, mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ProcessLog } from './process-log.js';

let directory: string;
let log: ProcessLog;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countinghouse-log-'));
  log = new ProcessLog('ledger', join(directory, 'ledger.log'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What a process writes in one run. */
function run(...lines: string[]): void {
  const file = log.open();
  writeSync(file, Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1'));
  closeSync(file);
}

const line = (level: string, msg: string, more: object = {}) => JSON.stringify({ level, msg, ...more });

describe('news', () => {
  it('shows warnings and errors as a sentence with the name of the process', () => {
    run(line('info', 'ready'), line('warn', 'slow'), line('error', 'lost', { err: { message: 'no route' } }));
    expect(log.news(false)).toEqual(['ledger: slow', 'ledger: lost: no route']);
  });

  it('shows everything to whoever debugs', () => {
    run(line('debug', 'step'), 'a plain line');
    expect(log.news(true)).toEqual(['ledger: step', 'ledger: a plain line']);
  });

  it('shows each line once, and a line being written when it is whole', () => {
    run(line('warn', 'first'));
    expect(log.news(false)).toEqual(['ledger: first']);
    appendFileSync(log.path, '{"level":"warn",');
    expect(log.news(false)).toEqual([]);
    appendFileSync(log.path, '"msg":"second"}\n');
    expect(log.news(false)).toEqual(['ledger: second']);
  });

  it('goes on after a line that is not text, and after one that has no end', () => {
    run(line('warn', 'first'), '\xff'.repeat(10), 'x'.repeat(3_000_000), line('warn', 'last'));
    expect(log.news(false)).toEqual(['ledger: first', 'ledger: last']);
  });

  it('shows nothing of earlier runs', () => {
    run(line('error', 'yesterday'));
    run(line('error', 'today'));
    expect(log.news(false)).toEqual(['ledger: today']);
  });
});

describe('last words', () => {
  it('are the errors of this run', () => {
    run(line('error', 'yesterday'));
    run(line('info', 'connecting'), line('fatal', 'cannot start: wrong password'));
    expect(log.lastWords()).toBe('cannot start: wrong password');
  });

  it('are what PostgreSQL complains of', () => {
    run('LOG:  starting', 'FATAL:  could not open file', 'HINT:  Free some space', 'LOG:  shut down');
    expect(log.lastWords()).toBe('FATAL:  could not open file\nHINT:  Free some space');
  });

  it('are an uncaught error without its stack', () => {
    run(
      '/app/main.js:3',
      'throw new TypeError("nothing")',
      '      ^',
      '',
      'TypeError: nothing',
      '    at main.js:3:7',
      'Node.js v24',
    );
    expect(log.lastWords()).toBe('throw new TypeError("nothing")\nTypeError: nothing');
  });

  it('are the last lines when none complains', () => {
    run('one', 'two');
    expect(log.lastWords()).toBe('one\ntwo');
  });
});
