import { logger } from '@countinghouse/service/process';
import type { Leases } from './leases.js';

/** What a request found of its holder's quota, in the words of the RateLimit headers (draft 11). */
export interface Quota {
  allowed: boolean;
  policy: string;
  state: string;
  resetSeconds: number;
}

/** What this process may still let through of one holder's quota in the running minute. */
interface Share {
  left: number;
  /** Of the whole quota, what no process has taken yet, as far as known. */
  untaken: number;
  asking?: Promise<void>;
}

const windowMs = 60_000;
/** Shares are asked for in tenths: ten round trips a minute for a holder who uses the whole quota. */
const sharesPerWindow = 10;
/** After a failure the process counts alone for this long, rather than try with every request. */
const aloneMs = 5_000;
/** Holders remembered in a minute; beyond that the oldest start afresh. */
const maxHolders = 100_000;

/**
 * Requests per minute and holder, together over all gateways.
 *
 * A process takes a share of a holder's quota from the shared count and spends it by itself, so that most requests wait
 * for nobody and no quota is ever exceeded. What another process took and did not spend is lost to the holder until the
 * minute is over: at most a tenth for each process. Minutes are those of the clock, so that all processes agree.
 *
 * When the shared count cannot be reached, each process lets through the whole quota by itself: a limit that is too
 * generous for a while is better than refusing everybody.
 */
export class RateLimits {
  private readonly policy: string;
  private readonly shareSize: number;
  private shares = new Map<string, Share>();
  private window = 0;
  private aloneUntil = 0;

  constructor(
    private readonly perMinute: number,
    private readonly leases: Leases,
    private readonly now: () => number = Date.now,
  ) {
    this.policy = `"default";q=${perMinute};w=${windowMs / 1000}`;
    this.shareSize = Math.ceil(perMinute / sharesPerWindow);
  }

  /** Takes one request of the holder's quota; waits only when a new share has to be asked for. */
  take(holder: string): Quota | Promise<Quota> {
    const share = this.shareOf(holder);
    if (share.left <= this.shareSize / 2 && share.untaken > 0) void this.ask(holder, share);
    return share.left > 0 || !share.asking ? this.spend(share) : this.takeWhenAsked(holder, share);
  }

  private async takeWhenAsked(holder: string, share: Share): Promise<Quota> {
    await share.asking;
    return share.left > 0 || share.untaken === 0 ? this.spend(share) : this.take(holder);
  }

  private spend(share: Share): Quota {
    const allowed = share.left > 0;
    if (allowed) share.left -= 1;
    const resetSeconds = Math.ceil((windowMs - (this.now() % windowMs)) / 1000);
    return {
      allowed,
      policy: this.policy,
      state: `"default";r=${share.left + share.untaken};t=${resetSeconds}`,
      resetSeconds,
    };
  }

  private shareOf(holder: string): Share {
    const window = Math.floor(this.now() / windowMs);
    if (window !== this.window) {
      this.window = window;
      this.shares = new Map();
    }
    let share = this.shares.get(holder);
    if (!share) {
      share = { left: 0, untaken: this.perMinute };
      this.shares.set(holder, share);
      if (this.shares.size > maxHolders) this.shares.delete(this.shares.keys().next().value ?? holder);
    }
    return share;
  }

  /** One question at a time for each holder. */
  private ask(holder: string, share: Share): Promise<void> {
    share.asking ??= this.enlarge(holder, share).finally(() => {
      share.asking = undefined;
    });
    return share.asking;
  }

  private async enlarge(holder: string, share: Share): Promise<void> {
    if (this.now() < this.aloneUntil) return countAlone(share);
    try {
      const { granted, untaken } = await this.leases.take(this.window, holder, this.shareSize, this.perMinute);
      share.left += granted;
      share.untaken = untaken;
    } catch (error) {
      logger().warn({ err: error }, 'rate limits are counted by this process alone');
      this.aloneUntil = this.now() + aloneMs;
      countAlone(share);
    }
  }
}

/** Everything that is not known to be taken is this process's. */
function countAlone(share: Share): void {
  share.left += share.untaken;
  share.untaken = 0;
}
