import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a demo that was begun must know to be carried on: nothing of it can be made a second time. */
export interface DemoMemory<Result> {
  /** Part of every idempotency key, so that each call of this demo takes effect once. */
  run: string;
  /** The day it was begun, `YYYY-MM-DD`: what it enters is dated from there, also when it is carried on later. */
  beganOn: string;
  /** By e-mail address. */
  passwords: Record<string, string>;
  /** Set when the demo is complete. */
  result?: Result;
}

const random = (bytes: number) => randomBytes(bytes).toString('base64url');
const pathIn = (home: string) => join(home, 'demo.json');

/** Whether the demo was begun in this home, be it finished or not. */
export const isDemoBegun = (home: string): boolean => existsSync(pathIn(home));

/** Reads or begins the memory of the demo; the file is readable by its owner only. */
export const openMemory = <Result>(home: string, emails: string[]): DemoMemory<Result> => {
  if (isDemoBegun(home)) return JSON.parse(readFileSync(pathIn(home), 'utf8')) as DemoMemory<Result>;
  return save(home, {
    run: random(9),
    beganOn: new Date().toISOString().slice(0, 10),
    passwords: Object.fromEntries(emails.map((email) => [email, random(12)])),
  });
};

/** Keeps the result of the complete demo, and returns it. */
export const remember = <Result>(home: string, memory: DemoMemory<Result>, result: Result): Result => {
  save(home, { ...memory, result });
  return result;
};

const save = <Result>(home: string, memory: DemoMemory<Result>): DemoMemory<Result> => {
  const path = pathIn(home);
  writeFileSync(`${path}.new`, `${JSON.stringify(memory, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return memory;
};
