import {
  type Call,
  DomainError,
  type FactEnvelope,
  identity,
  identityFacts,
  type TenantChanged,
  type UserChanged,
} from '@countinghouse/contracts';
import { Bus, OnFact, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { saveTenant, saveUser } from './people.store.js';

/** The users and tenants of identity, as far as royalties needs to know them. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly transactions: Transactions,
    private readonly bus: Bus,
  ) {}

  @OnFact(identityFacts.userChanged)
  userChanged({ tenantId, body }: FactEnvelope<UserChanged>, manager: EntityManager): Promise<void> {
    return saveUser(manager, tenantId, body);
  }

  @OnFact(identityFacts.tenantChanged)
  tenantChanged({ body }: FactEnvelope<TenantChanged>, manager: EntityManager): Promise<void> {
    return saveTenant(manager, body);
  }

  /** Identity is asked about a user whose fact has not arrived yet. @throws DomainError `not_found`, `unavailable` */
  async requireUser(manager: EntityManager, tenantId: number, id: string, call: Call): Promise<void> {
    const [known] = await manager.query(`SELECT deleted FROM known_user WHERE tenant_id = $1 AND id = $2`, [
      tenantId,
      id,
    ]);
    if (known?.deleted) throw new DomainError('not_found', 'User not found');
    if (known) return;
    const { requestId, traceparent } = call;
    const user = await this.bus.ask(identity.findUser, { tenantId, id }, { requestId, traceparent });
    await saveUser(manager, tenantId, user);
    if (user.deleted) throw new DomainError('not_found', 'User not found');
  }

  /** A statement with more rejected lines than this percentage fails whole; a decimal string. */
  async maxRejectedPercent(tenantId: number): Promise<string> {
    const [known] = await this.transactions.read(tenantId, (manager) =>
      manager.query(`SELECT max_rejected_percent FROM known_tenant WHERE tenant_id = $1`, [tenantId]),
    );
    if (known) return known.max_rejected_percent;
    const tenant = await this.bus.ask(identity.findTenant, { id: tenantId }, { requestId: 'statement' });
    await this.transactions.inTenant(tenantId, (manager) => saveTenant(manager, tenant));
    return tenant.maxRejectedPercent;
  }
}
