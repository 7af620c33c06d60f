import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DemoResult } from './demo.js';
import { welcome } from './welcome.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'countinghouse-welcome-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const platform = (isNew: boolean) => ({
  url: 'http://localhost:9000',
  home,
  isNew,
  adminEmail: 'admin@example.com',
  adminPassword: 'generated-1',
});

const ada = { name: 'Ada Nord', email: 'ada@example.com', password: 'a-b_c' };
const demo: DemoResult = {
  tenantId: 1,
  admin: { name: 'Nora Lind', email: 'nora@example.com', password: 'n' },
  members: [ada],
  report: { id: 7, distributor: 'A & B', owner: ada },
};

const callsOf = (text: string) => text.split('\n').filter((line) => /^(curl|TOKEN=)/.test(line));

/** Runs printed lines with a curl that writes its arguments to standard error and answers `answer`. */
function shell(lines: string[], answer: object): string {
  const curl = `curl() { printf '%s\\n' "$@" >&2; printf '%s' "$ANSWER"; }`;
  const env = { ...process.env, ANSWER: JSON.stringify(answer) };
  return execFileSync('sh', ['-c', `exec 2>&1; ${[curl, ...lines].join('\n')}`], { env, encoding: 'utf8' });
}

describe('the welcome', () => {
  it('says where everything is, in a box as wide as its widest line', () => {
    const text = welcome(platform(true), demo);
    const box = text.split('\n').filter((line) => /^[│┌├└]/.test(line));
    expect(new Set(box.map((line) => line.length)).size).toBe(1);
    for (const fact of ['http://localhost:9000/docs', 'nora@example.com', 'ada@example.com', home, 'Ctrl-C']) {
      expect(text).toContain(fact);
    }
    expect(callsOf(text)).toHaveLength(3);
  });

  it('shows the generated password of the platform admin at the first start alone', () => {
    expect(welcome(platform(true), null)).toContain('generated-1');
    expect(welcome(platform(false), null)).not.toContain('generated-1');
  });

  it('logs in whoever owns the report', () => {
    const [logIn = ''] = callsOf(welcome(platform(true), demo));
    const said = shell([logIn, 'echo "token $TOKEN"'], { access_token: 'abc.def', refresh_token: 'x' });
    expect(said).toContain(JSON.stringify({ email: ada.email, password: ada.password }));
    expect(said).toContain('token abc.def\n');
  });

  it('logs in with the kept password once it is not shown any more', () => {
    writeFileSync(join(home, 'secrets.json'), JSON.stringify({ adminPassword: 'kept-2' }, null, 2));
    const [logIn = ''] = callsOf(welcome(platform(false), null));
    expect(shell([logIn], {})).toContain('{"email":"admin@example.com","password":"kept-2"}');
  });

  it('downloads a file of the report', () => {
    const [, list = '', download = ''] = callsOf(welcome(platform(true), demo));
    expect(list).toContain('current?distributor=A%20%26%20B');
    const link = 'http://localhost:9000/files/7?signature=a-b_c&expires=1';
    const fetched = download
      .replace('xargs curl', 'xargs echo')
      .replace('royalties-by-platform.csv', join(home, 'file'));
    const said = shell([fetched], { groupedByPlatform: link, fullCatalog: 'no' });
    expect(said).toContain('/financial/reports/user-reports/download/options/7');
    expect(readFileSync(join(home, 'file'), 'utf8')).toBe(`-s ${link}\n`);
  });
});
