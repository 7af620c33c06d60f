import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const here = new URL('..', import.meta.url).pathname;

const filesIn = (folder: string): Record<string, string> => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((file) => join(file.parentPath, file.name)).sort();
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]));
};

describe('the generated client', () => {
  it('is what `npm run generate -w @countinghouse/client` makes of openapi.json', () => {
    const fresh = mkdtempSync(join(tmpdir(), 'client-'));
    try {
      execFileSync('npx', ['--no-install', 'openapi-ts', '--output', fresh, '--silent'], { cwd: here, stdio: 'pipe' });
      expect(filesIn(fresh)).toEqual(filesIn(join(here, 'src/generated')));
    } finally {
      rmSync(fresh, { recursive: true });
    }
  });
});
