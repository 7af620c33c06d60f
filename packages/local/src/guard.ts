import { spawn } from 'node:child_process';

/**
 * Ends the last processes it was told of when its input closes, which is what happens when its launcher dies, also by
 * kill -9. A shell is the smallest thing that can do this on every system.
 */
const script = `
trap '' INT TERM HUP
while read -r line; do pids=$line; done
for seconds in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do
  alive=
  for pid in $pids; do kill -0 "$pid" 2>/dev/null && alive="$alive $pid"; done
  [ -z "$alive" ] && exit 0
  [ "$seconds" = 0 ] && kill -INT $alive
  sleep 1
done
kill -KILL $alive
`;

export interface Guard {
  watch(pid: number): void;
  forget(pid: number): void;
  close(): Promise<void>;
}

/** Sees to it that no watched process outlives this one. */
export function startGuard(): Guard {
  const pids = new Set<number>();
  let shell = spawnShell();
  const tell = () => shell.stdin.write(`${[...pids].join(' ')}\n`);
  const replace = () => {
    shell = spawnShell().once('exit', replace);
    tell();
  };
  shell.once('exit', replace);
  return {
    watch: (pid) => {
      pids.add(pid);
      tell();
    },
    forget: (pid) => {
      pids.delete(pid);
      tell();
    },
    close: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      shell.off('exit', replace).once('exit', () => resolve());
      shell.stdin.end('\n');
      return promise;
    },
  };
}

function spawnShell() {
  // Its own session: a Ctrl-C in the terminal is the launcher's to handle.
  const shell = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.stdin.on('error', () => {}); // it was killed; its exit is what counts
  return shell;
}
