import { join } from 'node:path';
import { ProcessLog } from './process-log.js';

const lookEveryMs = 200;

export interface Logs {
  of(name: string): ProcessLog;
  close(): void;
}

/** The log files of one run, and their warnings and errors for the terminal, or every line at `LOG_LEVEL=debug`. */
export function startLogs(directory: string, show: (line: string) => void): Logs {
  const everything = ['debug', 'trace'].includes(process.env['LOG_LEVEL'] ?? '');
  const logs = new Map<string, ProcessLog>();
  const look = () => {
    for (const log of logs.values()) log.news(everything).forEach(show);
  };
  const timer = setInterval(look, lookEveryMs).unref();
  return {
    of: (name) => {
      const log = new ProcessLog(name, join(directory, `${name}.log`));
      logs.set(name, log);
      return log;
    },
    close: () => {
      clearInterval(timer);
      look();
    },
  };
}
