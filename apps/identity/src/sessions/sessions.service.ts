import { type Call, DomainError, type Login, type RefreshToken, type Tokens } from '@countinghouse/contracts';
import { logger, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { platformTenant } from '../domain/platform.js';
import { judgeRefresh } from '../domain/refresh.js';
import { emailKey } from '../domain/text-keys.js';
import { AccessTokens, accessTokenSeconds } from '../keys/access-tokens.js';
import { Passwords } from '../keys/passwords.js';
import { invalidCredentials } from './invalid-credentials.js';
import { LoginThrottle } from './login-throttle.js';
import { type RefreshTokenId, RefreshTokens } from './refresh-tokens.js';
import {
  beginSession,
  type Candidate,
  endSession,
  findCandidates,
  findSession,
  replacePassword,
  rotateSession,
  type Session,
} from './sessions.store.js';

/** People's logins: begun with a password, continued with refresh tokens, ended by logging out. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly throttle: LoginThrottle,
    private readonly passwords: Passwords,
    private readonly accessTokens: AccessTokens,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  async login(call: Call, login: Login): Promise<Tokens> {
    const [fitting, ...others] = await this.throttle.guard(login.email, call, () => this.fitting(login));
    if (others.length > 0) throw severalTenants([fitting, ...others]);
    const account = await this.withCurrentCost(fitting, login.password);
    const session = await this.transactions.inTenant(account.tenantId, (manager) => beginSession(manager, account));
    if (!session) throw invalidCredentials();
    return this.tokens(session, 1);
  }

  async refresh({ refresh_token }: RefreshToken): Promise<Tokens> {
    const id = this.refreshTokens.read(refresh_token);
    const renewed = id && (await this.transactions.inTenant(id.tenantId, (manager) => renew(manager, id)));
    if (!renewed) throw invalidCredentials();
    return this.tokens(renewed.session, renewed.generation);
  }

  /** Any token of the login ends it, a spent one too; one that is not ours changes nothing. */
  async logout({ refresh_token }: RefreshToken): Promise<null> {
    const id = this.refreshTokens.read(refresh_token);
    if (id) await this.transactions.inTenant(id.tenantId, (manager) => endSession(manager, id.tenantId, id.familyId));
    return null;
  }

  /** The accounts that e-mail and password fit; `null` for none. One password at least is checked, even if nobody's. */
  private async fitting({ email, password, tenantId }: Login): Promise<[Candidate, ...Candidate[]] | null> {
    const everywhere = await this.transactions.read(platformTenant, (manager) =>
      findCandidates(manager, emailKey(email)),
    );
    const candidates = everywhere.filter((candidate) => tenantId === undefined || candidate.tenantId === tenantId);
    if (candidates.length === 0) await this.passwords.fits(password, null);
    const checked = await Promise.all(
      candidates.map(async (candidate) => ({
        candidate,
        fits: await this.passwords.fits(password, candidate.passwordHash),
      })),
    );
    const [first, ...others] = checked.filter(({ fits }) => fits).map(({ candidate }) => candidate);
    return first ? [first, ...others] : null;
  }

  /** Only now is the password known, to be hashed again at the cost that is paid today. */
  private async withCurrentCost(account: Candidate, password: string): Promise<Candidate> {
    if (!this.passwords.isOutdated(account.passwordHash)) return account;
    const passwordHash = await this.passwords.hash(password);
    await this.transactions.inTenant(account.tenantId, (manager) => replacePassword(manager, account, passwordHash));
    return { ...account, passwordHash };
  }

  private async tokens({ familyId, principal }: Session, generation: number): Promise<Tokens> {
    return {
      access_token: await this.accessTokens.sign(principal),
      token_type: 'Bearer',
      expires_in: accessTokenSeconds,
      refresh_token: this.refreshTokens.write({ tenantId: principal.tenantId, familyId, generation }),
    };
  }
}

/** `null` is a refusal, and no exception: that would undo the end of a family whose spent token came back. */
const renew = async (
  manager: EntityManager,
  { tenantId, familyId, generation }: RefreshTokenId,
): Promise<{ session: Session; generation: number } | null> => {
  const session = await findSession(manager, tenantId, familyId);
  if (!session) return null;
  switch (judgeRefresh(session.family, generation, session.now)) {
    case 'rotate':
      await rotateSession(manager, tenantId, familyId);
      return { session, generation: generation + 1 };
    case 'repeat':
      return { session, generation: session.family.generation };
    case 'revoke':
      logger().warn({ tenantId, userId: session.principal.userId }, 'a spent refresh token came back; its login ends');
      await endSession(manager, tenantId, familyId);
      return null;
    case 'refuse':
      return null;
  }
};

const severalTenants = (accounts: Candidate[]) => {
  const message = `tenantId is needed: one of ${accounts.map(({ tenantId }) => tenantId).join(', ')}`;
  return new DomainError('conflict', 'The email and password fit several tenants', {
    details: [{ field: 'tenantId', message }],
  });
};
