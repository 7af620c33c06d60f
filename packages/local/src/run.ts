import { once } from 'node:events';
import { type DemoResult, isDemoBegun, loadDemo } from './demo.js';
import { type Platform, startPlatform } from './platform.js';
import { welcome } from './welcome.js';

export interface RunOptions {
  home: string;
  port: number;
  /** Whether a new installation is left without the demo. */
  empty: boolean;
  say: (line: string) => void;
  /** Aborted when a person or the system wants everything to stop. */
  asked: AbortSignal;
}

/** Runs the product until it is asked to stop: starts it, fills a new installation with the demo, says where it is. */
export async function runUntilStopped({ home, port, empty, say, asked }: RunOptions): Promise<void> {
  const toStop = once(asked, 'abort');
  const platform = await startPlatform({ home, port, signal: asked });
  try {
    const ready = demoOf(platform, empty, say).then((demo) => say(welcome(platform, demo)));
    await Promise.race([ready, toStop]);
    await toStop;
    say('Stopping …');
  } finally {
    await platform.stop();
  }
}

/** The demo of an installation that has one: loaded when it is new, carried on when that was interrupted. */
async function demoOf(platform: Platform, empty: boolean, say: RunOptions['say']): Promise<DemoResult | null> {
  if (empty || !(platform.isNew || isDemoBegun(platform.home))) return null;
  if (platform.isNew) say('Loading the demo …');
  try {
    return await loadDemo({ ...platform, log: (line) => say(`  ${line}`) });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The demo could not be loaded: ${why}\n  Start again to carry on with it, or leave it out: rm -rf ${platform.home}; npm start -- --empty`,
      { cause: error },
    );
  }
}
