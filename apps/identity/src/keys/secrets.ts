import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Call } from '@countinghouse/contracts';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * What SECRETS_KEY is used for. Every purpose has a key of its own that is derived from it (HKDF, RFC 5869), so that
 * what was made for one purpose is worthless for another.
 */
export class Secrets {
  private readonly sealingKey: Buffer;
  private readonly digestKeys = new Map<string, Buffer>();

  /** @param master 32 random bytes */
  constructor(private readonly master: Buffer) {
    this.sealingKey = this.keyFor('sealing');
  }

  /** HMAC-SHA-256: nobody without the key can make it or search for the text behind it. */
  digest(purpose: 'refresh token' | 'login failure' | 'request body', text: string): Buffer {
    let key = this.digestKeys.get(purpose);
    if (!key) this.digestKeys.set(purpose, (key = this.keyFor(purpose)));
    return createHmac('sha256', key).update(text).digest();
  }

  /**
   * The call itself, with a keyed hash of its body: where the body holds a password, the hash that an Idempotency-Key is
   * stored with must not be a quick way to test guesses of it.
   */
  hideBody(call: Call): Call {
    const { idempotency } = call;
    if (idempotency) idempotency.bodyHash = this.digest('request body', idempotency.bodyHash).toString('hex');
    return call;
  }

  /**
   * Encrypts what has to be read back (AES-256-GCM).
   *
   * @param owner whose secret it is; it opens for nobody else, so that swapped rows are noticed
   * @returns iv (12 bytes), authentication tag (16), ciphertext
   */
  seal(secret: string, owner: string): Buffer {
    const iv = randomBytes(ivBytes);
    const sealing = createCipheriv(cipher, this.sealingKey, iv).setAAD(Buffer.from(owner));
    const ciphertext = Buffer.concat([sealing.update(secret, 'utf8'), sealing.final()]);
    return Buffer.concat([iv, sealing.getAuthTag(), ciphertext]);
  }

  /** @throws when it was changed, sealed for another owner or under another SECRETS_KEY */
  open(sealed: Buffer, owner: string): string {
    const iv = sealed.subarray(0, ivBytes);
    const tag = sealed.subarray(ivBytes, ivBytes + tagBytes);
    const opening = createDecipheriv(cipher, this.sealingKey, iv, { authTagLength: tagBytes });
    opening.setAAD(Buffer.from(owner)).setAuthTag(tag);
    return opening.update(sealed.subarray(ivBytes + tagBytes), undefined, 'utf8') + opening.final('utf8');
  }

  private keyFor(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.master, '', `countinghouse ${purpose}`, 32));
  }
}
