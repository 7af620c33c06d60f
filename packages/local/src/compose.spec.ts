import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const compose = read('docker-compose.yml');

/** The text of one service, with that of the anchors it merges. */
function service(name: string): string {
  const text = compose.match(new RegExp(`^  ${name}:\\n((?:    .*\\n|\\n)+)`, 'm'))?.[1] ?? '';
  const anchors = [...text.matchAll(/\*(\w+)/g)].map(([, anchor]) => anchor!);
  return [text, ...anchors.map((anchor) => compose.match(new RegExp(`&${anchor}\\n((?: +.*\\n)+)`))?.[1])].join('\n');
}

const apps = readdirSync(new URL('apps', root));
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

describe('docker-compose.yml', () => {
  it.each(apps)('runs %s from its own image, once its servers are healthy', (app) => {
    const text = service(app);
    expect(text).toContain(`args: { APP: ${app} }`);
    expect(text).toContain('nats: { condition: service_healthy }');
    expect(text).toContain(`NATS_URL: nats://${app}:`);
  });

  it.each(apps.filter((app) => app !== 'gateway'))('gives %s a database with an owner and a plain role', (app) => {
    const text = service(app);
    expect(text).toContain('postgres: { condition: service_healthy }');
    expect(text).toContain(`DATABASE_URL: postgres://${app}:`);
    expect(text).toContain(`MIGRATION_DATABASE_URL: postgres://${app}_owner:`);
    expect(read('deploy/databases.sh')).toMatch(new RegExp(`^for service in .*\\b${app}\\b.*; do$`, 'm'));
  });

  it('knows each user of NATS', () => {
    expect(matches(read('deploy/nats.conf'), /user: (\w+)/g).sort()).toEqual(apps.toSorted());
  });

  it('has no secret of its own: each is asked for, and made by deploy/make-env.mjs', () => {
    const made = matches(
      execFileSync(process.execPath, [fileURLToPath(new URL('deploy/make-env.mjs', root))]).toString(),
      /^(\w+)=/gm,
    );
    const asked = matches(compose, /\$\{(\w+):\?/g);
    expect([...new Set(asked)].sort()).toEqual(made.sort());
    // Those of a store elsewhere are handed on, if there are any.
    const secrets = matches(compose, /^ +\w*(?:PASSWORD|KEY): (.*)$/gm);
    for (const secret of secrets) expect(secret).toMatch(/^\$\{(?:\w+:\?.*|AWS_\w+:-)\}$/);
  });

  it('is heard on this machine alone, through the gateway', () => {
    expect(matches(compose, /^ +ports: (.*)$/gm)).toEqual(['["127.0.0.1:${PORT:-8080}:8080"]']);
  });

  it('pins what it takes from others', () => {
    const images = matches(compose, /image: (?!countinghouse)(.*)$/gm);
    expect(images).toHaveLength(2);
    for (const image of images) expect(image).toMatch(/^[a-z]+:\d+\.\d+/);
  });

  it('mounts files that are there', () => {
    const files = matches(compose, /- (\.\/[^:]+):/g);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(existsSync(new URL(file, root))).toBe(true);
  });
});
