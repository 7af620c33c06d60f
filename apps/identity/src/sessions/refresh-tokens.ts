import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Secrets } from '../keys/secrets.js';

/** Which token of which login. */
export interface RefreshTokenId {
  tenantId: number;
  familyId: string;
  /** From 1. */
  generation: number;
}

const format = /^(\d{1,10})\.([0-9a-f-]{36})\.(\d{1,10})\.[\w-]{43}$/;

/**
 * Refresh tokens are not stored, not even as hashes: a token names its family and generation and is authentic by its
 * MAC. So the successor of a token can be given again, a spent one is known for ever, and a login is one row however
 * often it is refreshed. To the caller they are opaque.
 */
@Injectable()
export class RefreshTokens {
  constructor(private readonly secrets: Secrets) {}

  write({ tenantId, familyId, generation }: RefreshTokenId): string {
    const name = `${tenantId}.${familyId}.${generation}`;
    return `${name}.${this.secrets.digest('refresh token', name).toString('base64url')}`;
  }

  /** `null` for anything that was not written here. */
  read(token: string): RefreshTokenId | null {
    const [, tenantId, familyId, generation] = format.exec(token) ?? [];
    if (familyId === undefined) return null;
    const id = { tenantId: Number(tenantId), familyId, generation: Number(generation) };
    const written = Buffer.from(this.write(id));
    const given = Buffer.from(token);
    return written.length === given.length && timingSafeEqual(written, given) ? id : null;
  }
}
