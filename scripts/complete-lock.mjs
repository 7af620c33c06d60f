// npm leaves platform packages it could not resolve out of the lockfile, and `npm ci` then refuses it.
// This adds an entry for each missing optional dependency, from what the registry says of it.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** The exact version a range stands for when the package itself cannot be asked: platform packages are pinned by their parent. */
const pinned = (range) => range.replace(/^[\^~]/, '');

const ask = (name, range) => {
  try {
    const answer = execFileSync('npm', ['view', `${name}@${range}`, 'version', 'os', 'cpu', 'libc', '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const found = JSON.parse(answer.toString());
    return Array.isArray(found) ? found.at(-1) : found;
  } catch {
    return undefined;
  }
};

/** `@rollup/rollup-linux-arm64-musl` names its own platform when the registry does not answer. */
const platformOf = (name) => {
  const parts = name.split('/').at(-1).split(/[-.]/);
  const pick = (choices) => choices.filter((choice) => parts.includes(choice));
  const libc = parts.includes('musl') ? ['musl'] : parts.includes('gnu') ? ['glibc'] : [];
  const platform = {
    os: pick(['linux', 'darwin', 'win32', 'freebsd', 'android', 'openbsd', 'netbsd', 'sunos', 'aix']),
  };
  platform.cpu = pick(['x64', 'arm64', 'arm', 'ia32', 'riscv64', 's390x', 'ppc64', 'loong64', 'wasm32', 'mips64el']);
  return { ...platform, libc };
};

let added = 0;
const add = (name, range) => {
  const at = `node_modules/${name}`;
  if (lock.packages[at]) return;
  const { version = pinned(range), ...said } = ask(name, range) ?? {};
  const { os, cpu, libc } = { ...platformOf(name), ...said };
  const entry = { version, optional: true };
  for (const [key, value] of Object.entries({ os, cpu, libc })) {
    const list = [value ?? []].flat();
    if (list.length > 0) entry[key] = list;
  }
  lock.packages[at] = entry;
  added += 1;
};

for (const entry of Object.values(lock.packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) add(name, range);
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} platform packages added`);
