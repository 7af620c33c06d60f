import {
  type Call,
  DomainError,
  type FactEnvelope,
  identity,
  identityFacts,
  maxUsersFound,
  type TenantChanged,
  type UserChanged,
} from '@countinghouse/contracts';
import { Bus, OnFact, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { findTenant, knownUsers, saveTenant, saveUsers, settingsOf, type TenantSettings } from './people.store.js';

/** The users and tenants of identity, as far as a service has heard of them; identity is asked about others. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly transactions: Transactions,
    private readonly bus: Bus,
  ) {}

  @OnFact(identityFacts.userChanged)
  userChanged({ tenantId, body }: FactEnvelope<UserChanged>, manager: EntityManager): Promise<void> {
    return saveUsers(manager, tenantId, [body]);
  }

  @OnFact(identityFacts.tenantChanged)
  tenantChanged({ body }: FactEnvelope<TenantChanged>, manager: EntityManager): Promise<void> {
    return saveTenant(manager, body);
  }

  /** @throws DomainError `not_found`, `unavailable` */
  async requireUser(manager: EntityManager, tenantId: number, id: string, call: Call): Promise<void> {
    const users = await this.usersAmong(manager, tenantId, [id.toLowerCase()], call);
    if (users.size === 0) throw new DomainError('not_found', 'User not found');
  }

  /**
   * Those of the ids that are users of the tenant. Identity is asked about the ones whose facts have not arrived yet.
   *
   * @param ids in lower case
   * @throws DomainError `unavailable`
   */
  async usersAmong(manager: EntityManager, tenantId: number, ids: string[], call: Call): Promise<Set<string>> {
    const known = await this.deletionOf(manager, tenantId, ids, call);
    return new Set(ids.filter((id) => known.get(id) === false));
  }

  /**
   * For what outlives a user: deleted ones will do.
   *
   * @param id in lower case
   * @throws DomainError `not_found`, `unavailable`
   */
  async requireUserEver(manager: EntityManager, tenantId: number, id: string, call: Call): Promise<void> {
    const known = await this.deletionOf(manager, tenantId, [id], call);
    if (!known.has(id)) throw new DomainError('not_found', 'User not found');
  }

  /** Whether each of the ids that are or were users is deleted. */
  private async deletionOf(
    manager: EntityManager,
    tenantId: number,
    ids: string[],
    call: Call,
  ): Promise<Map<string, boolean>> {
    const known = await knownUsers(manager, tenantId, ids);
    const unheard = ids.filter((id) => !known.has(id));
    const found = await this.askForUsers(tenantId, unheard, call);
    if (found.length > 0) await saveUsers(manager, tenantId, found);
    for (const { id, deleted } of found) known.set(id, deleted);
    return known;
  }

  private async askForUsers(tenantId: number, ids: string[], { requestId, traceparent }: Call): Promise<UserChanged[]> {
    const found: UserChanged[] = [];
    for (let at = 0; at < ids.length; at += maxUsersFound) {
      const some = { tenantId, ids: ids.slice(at, at + maxUsersFound) };
      found.push(...(await this.bus.ask(identity.findUsers, some, { requestId, traceparent })));
    }
    return found;
  }

  /** What a tenant has set. @throws DomainError `not_found`, `unavailable` */
  async tenant(tenantId: number, requestId = 'settings'): Promise<TenantSettings> {
    const known = await this.transactions.read(tenantId, (manager) => findTenant(manager, tenantId));
    if (known) return known;
    const tenant = await this.bus.ask(identity.findTenant, { id: tenantId }, { requestId });
    await this.transactions.inTenant(tenantId, (manager) => saveTenant(manager, tenant));
    return settingsOf(tenant);
  }
}
