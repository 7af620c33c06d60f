import { relative } from 'node:path';
import type { DemoLogin, DemoResult } from './demo.js';
import type { Platform } from './platform.js';

type Address = Pick<Platform, 'url' | 'home' | 'isNew' | 'adminEmail' | 'adminPassword'>;

/** What a person reads when everything is up: where it is, who can log in, what to try, how to stop. */
export function welcome(platform: Address, demo: DemoResult | null): string {
  const place = relative(process.cwd(), platform.home) || '.';
  const home = place.startsWith('..') ? platform.home : place;
  const facts = [
    ['API', platform.url],
    ['Documents', `${platform.url}/docs`],
    ['', ''],
    ...(demo ? loginsOf(demo) : []),
    ['Platform admin', `${platform.adminEmail}   ${adminPasswordOf(platform, home)}`],
    ['', ''],
    ['Data', home],
    ['Stop', 'Ctrl-C'],
    ['Start over', `rm -rf ${home}`],
  ];
  const titleWidth = Math.max(...facts.map(([title = '']) => title.length));
  const lines = facts.map(([title = '', fact = '']) => `${title.padEnd(titleWidth)}   ${fact}`);
  const tries = demo ? demoCalls(platform.url, demo) : firstCalls(platform, home);
  return [box('Countinghouse is running', lines), 'Try it, in another terminal:', ...tries, ''].join('\n\n');
}

const loginsOf = ({ admin, members }: DemoResult): string[][] => {
  const logins = [{ ...admin, name: `${admin.name}, admin` }, ...members];
  const width = Math.max(...logins.map(({ email }) => email.length));
  const rows = logins.map(({ email, password, name }, at) => [
    at === 0 ? 'Demo logins' : '',
    `${email.padEnd(width)}   ${password}   ${name}`,
  ]);
  return [...rows, ['', '']];
};

/** A generated password is shown once; afterwards only its owner's file has it. */
const adminPasswordOf = ({ isNew, adminPassword }: Address, home: string) => {
  if (!isNew) return `(password in ${home}/secrets.json)`;
  return process.env['ADMIN_PASSWORD'] ? '(password as in ADMIN_PASSWORD)' : adminPassword;
};

function demoCalls(url: string, { report }: DemoResult): string[] {
  const reports = `${url}/financial/reports/user-reports`;
  return [
    logIn(url, report.owner),
    `curl -s -H "Authorization: Bearer $TOKEN" '${reports}/current?distributor=${encodeURIComponent(report.distributor)}'`,
    `curl -s -H "Authorization: Bearer $TOKEN" ${reports}/download/options/${report.id} | ${field('groupedByPlatform')} | xargs curl -s | tee royalties-by-platform.csv`,
  ];
}

function firstCalls({ url, adminEmail, adminPassword, isNew }: Address, home: string): string[] {
  const shown = isNew && !process.env['ADMIN_PASSWORD'];
  // Where the password is not shown, the shell takes it from the file.
  const password = shown ? adminPassword : `'"$(${field('adminPassword', `${home}/secrets.json`)})"'`;
  const tenant = {
    name: 'Example Records',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    admin: { email: 'admin@example.com', password: 'choose-a-long-one', firstName: 'Alex', lastName: 'Example' },
  };
  return [
    logIn(url, { email: adminEmail, password }),
    `curl -s -H "Authorization: Bearer $TOKEN" ${url}/auth/me`,
    `curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${JSON.stringify(tenant)}' ${url}/tenant`,
  ];
}

/** Generated passwords have nothing that the shell or JSON would take for more than a letter. */
const logIn = (url: string, { email, password }: Pick<DemoLogin, 'email' | 'password'>) =>
  `TOKEN=$(curl -s -H 'Content-Type: application/json' -d '{"email":"${email}","password":"${password}"}' ${url}/auth/login | ${field('access_token')})`;

/** A shell command that prints one text field of a JSON object, with nothing that has to be installed. */
const field = (name: string, file = '') => `sed -n 's/.*"${name}": *"\\([^"]*\\)".*/\\1/p'${file && ` ${file}`}`;

function box(title: string, lines: string[]): string {
  const width = Math.max(title.length, ...lines.map((line) => line.length));
  const rule = '─'.repeat(width + 4);
  const row = (line: string) => `│  ${line.padEnd(width)}  │`;
  return [`┌${rule}┐`, row(title), `├${rule}┤`, ...lines.map(row), `└${rule}┘`].join('\n');
}
