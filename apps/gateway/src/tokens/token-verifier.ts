import { DomainError } from '@countinghouse/contracts';
import { decodeJwt, jwtVerify } from 'jose';
import { invalidToken } from '../http/refuse.js';
import type { Issuer } from './issuer.js';
import type { VerifiedToken } from './verified-token.js';

/** How long a verified token is trusted without looking again; a withdrawn key counts from then on. */
const trustedMs = 60_000;
const maxRemembered = 10_000;
const clockToleranceSeconds = 5;

/**
 * Verifies access tokens by their issuer's public keys; nobody is asked about a token.
 *
 * A token that was just verified is remembered for a short while: checking a signature costs more than the rest of a
 * small read.
 */
export class TokenVerifier {
  private readonly remembered = new Map<string, VerifiedToken & { until: number }>();

  constructor(
    private readonly issuers: readonly Issuer[],
    private readonly now: () => number = Date.now,
  ) {}

  /** The token of an `Authorization` header that was verified a moment ago. */
  known(authorization: string | undefined): VerifiedToken | undefined {
    if (authorization === undefined) return undefined;
    const token = this.remembered.get(authorization);
    return token && this.now() < token.until ? token : undefined;
  }

  /** @throws DomainError `unauthorized`, or `unavailable` when the keys cannot be had */
  async verify(authorization = ''): Promise<VerifiedToken> {
    const [, jwt] = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization) ?? [];
    if (jwt === undefined) throw invalidToken();
    const token = await this.verified(jwt).catch(throwAsRefusal);
    this.remember(authorization, token);
    return token;
  }

  private async verified(jwt: string): Promise<VerifiedToken> {
    const said = decodeJwt(jwt).iss;
    const known = this.issuers.find(({ issuer }) => issuer === said);
    if (!known) throw invalidToken();
    const { keys, issuer, audience, algorithms, typ, principalOf } = known;
    const { payload } = await jwtVerify(jwt, keys, {
      issuer,
      audience,
      algorithms,
      ...(typ !== undefined && { typ }),
      requiredClaims: ['exp', 'sub'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(this.now()),
    });
    const principal = principalOf(payload);
    if (!principal) throw invalidToken();
    const { tenantId, userId, clientId } = principal;
    const holder = userId === undefined ? `client ${tenantId} ${clientId}` : `user ${tenantId} ${userId}`;
    return { principal, holder, expiresAtMs: (payload.exp ?? 0) * 1000 };
  }

  private remember(authorization: string, token: VerifiedToken): void {
    const oldest = this.remembered.size >= maxRemembered ? this.remembered.keys().next() : undefined;
    if (oldest && !oldest.done) this.remembered.delete(oldest.value);
    const until = Math.min(token.expiresAtMs, this.now() + trustedMs);
    this.remembered.set(authorization, { ...token, until });
  }
}

/** What is wrong with a token is nobody's business; that its issuer's keys cannot be had is. */
function throwAsRefusal(error: unknown): never {
  throw error instanceof DomainError ? error : invalidToken();
}
