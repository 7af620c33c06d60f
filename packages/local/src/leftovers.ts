import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 20;
const leaveWithinMs = 15_000;

/**
 * Ends the processes of an earlier run that still work in a directory: a server whose launcher was killed together with
 * its guard, or the backends of a PostgreSQL whose main process was killed.
 */
export async function endLeftovers(executables: string[], directory: string): Promise<void> {
  const deadline = performance.now() + leaveWithinMs;
  for (let signal: NodeJS.Signals | 0 = 'SIGINT'; ; signal = 0) {
    const pids = processesIn(directory, executables);
    if (pids.length === 0) return;
    const patient = performance.now() < deadline;
    for (const pid of pids) send(pid, patient ? signal : 'SIGKILL');
    await delay(pollMs);
  }
}

function send(pid: number, signal: NodeJS.Signals | 0): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

function processesIn(directory: string, executables: string[]): number[] {
  return process.platform === 'linux' ? workingIn(directory, executables) : startedWith(directory, executables);
}

/** PostgreSQL's backends too: every process of a server works in its directory. */
function workingIn(directory: string, executables: string[]): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && link(`/proc/${entry}/cwd`) === directory)
    .filter((entry) => executables.includes(basename(link(`/proc/${entry}/exe`)).replace(' (deleted)', '')))
    .map(Number);
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ''; // ended meanwhile, or another user's
  }
}

function startedWith(directory: string, executables: string[]): number[] {
  return execFileSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(directory) && executables.some((name) => line.includes(name)))
    .map((line) => Number.parseInt(line, 10));
}
