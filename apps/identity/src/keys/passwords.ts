import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { DomainError } from '@countinghouse/contracts';

export interface Argon2Cost {
  memoryKiB: number;
  passes: number;
  lanes: number;
}

/** OWASP Password Storage Cheat Sheet, argon2id: at least 19 MiB, 2 passes, 1 lane. About 25 ms of one core. */
export const recommendedCost: Argon2Cost = { memoryKiB: 19_456, passes: 2, lanes: 1 };

const saltBytes = 16;
const hashBytes = 32;
const derive = promisify(argon2);

/** At the same time: each takes its memory and one of the four threads that signing tokens needs too. */
const mostRunning = 3;
/** About a second of work; those who come later are turned away rather than left to miss their deadline. */
const mostWaiting = 100;

interface StoredPassword {
  cost: Argon2Cost;
  salt: Buffer;
  hash: Buffer;
}

/** Passwords as argon2id hashes that carry their own parameters, so that the cost can be raised at any time. */
export class Passwords {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Stands in for the password of an account that does not exist: no input has this hash. */
  private readonly nobody: StoredPassword;

  constructor(private readonly cost: Argon2Cost = recommendedCost) {
    this.nobody = { cost, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) };
  }

  /** A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`, base64 without padding. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    return write({ cost: this.cost, salt, hash: await this.derived(password, this.cost, salt) });
  }

  /** Whether a password is the stored one; takes as long without a stored one, so that time tells nothing. */
  async fits(password: string, stored: string | null): Promise<boolean> {
    const { cost, salt, hash } = stored === null ? this.nobody : read(stored);
    return timingSafeEqual(await this.derived(password, cost, salt), hash);
  }

  /** Whether a stored password was made at another cost than is paid now and should be hashed again. */
  isOutdated(stored: string): boolean {
    return parameters(read(stored).cost) !== parameters(this.cost);
  }

  private async derived(password: string, { memoryKiB, passes, lanes }: Argon2Cost, salt: Buffer): Promise<Buffer> {
    await this.turn();
    try {
      return await derive('argon2id', {
        // Two ways to write one letter are one password (NIST SP 800-63B, 3.1.1.2).
        message: password.normalize('NFKC'),
        nonce: salt,
        memory: memoryKiB,
        passes,
        parallelism: lanes,
        tagLength: hashBytes,
      });
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private turn(): Promise<void> | void {
    if (this.running < mostRunning) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= mostWaiting) {
      throw new DomainError('unavailable', 'Too many logins at once, try again shortly', { retryAfterSeconds: 2 });
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

const parameters = ({ memoryKiB, passes, lanes }: Argon2Cost) => `m=${memoryKiB},t=${passes},p=${lanes}`;

const base64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');

const write = ({ cost, salt, hash }: StoredPassword) =>
  `$argon2id$v=19$${parameters(cost)}$${base64(salt)}$${base64(hash)}`;

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const read = (stored: string): StoredPassword => {
  const [, memoryKiB, passes, lanes, salt = '', hash = ''] = phc.exec(stored) ?? [];
  if (!hash) throw new Error('A stored password is not an argon2id PHC string');
  return {
    cost: { memoryKiB: Number(memoryKiB), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
};
