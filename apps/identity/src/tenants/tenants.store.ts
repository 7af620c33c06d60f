import {
  DomainError,
  identityFacts,
  type Tenant,
  type TenantChanged,
  type UpdateTenant,
} from '@countinghouse/contracts';
import { enterTenant, Outbox } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { TenantEntity } from './tenant.entity.js';

type Values = Pick<Tenant, 'name' | 'currency' | 'timeZone'> & Partial<Pick<Tenant, 'language' | 'vatRate'>>;

const defaults = {
  language: 'da',
  vatRate: '0.25',
  autoRevenue: { royalties: false, telecom: false, lending: false },
  maxRejectedPercent: '5',
} as const;

/** Tenants as rows. No change is saved without the fact that tells of it. */
@Injectable()
export class TenantsStore {
  constructor(private readonly outbox: Outbox) {}

  /** Makes a tenant and enters it: the rest of the transaction happens there. */
  async add(manager: EntityManager, values: Values): Promise<Tenant> {
    const [{ id }]: [{ id: number }] = await manager.query(`SELECT nextval('tenant_tenant_id_seq') AS id`);
    await enterTenant(manager, id);
    return this.save(manager, manager.create(TenantEntity, { ...defaults, ...values, id }));
  }

  /** @throws DomainError `not_found` */
  async change(manager: EntityManager, { id, autoRevenue, ...changes }: UpdateTenant): Promise<Tenant> {
    const tenant = await manager.findOne(TenantEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!tenant) throw notFound();
    Object.assign(tenant.autoRevenue, autoRevenue);
    return this.save(manager, Object.assign(tenant, changes));
  }

  /** @throws DomainError `not_found` */
  async get(manager: EntityManager, id: number): Promise<TenantChanged> {
    const tenant = await manager.findOneBy(TenantEntity, { id });
    if (!tenant) throw notFound();
    return changedOf(tenant);
  }

  private async save(manager: EntityManager, tenant: TenantEntity): Promise<Tenant> {
    await manager.save(tenant);
    await this.outbox.add(manager, identityFacts.tenantChanged, tenant.id, changedOf(tenant));
    return tenantOf(tenant);
  }
}

const notFound = () => new DomainError('not_found', 'Tenant not found');

const changedOf = (tenant: TenantEntity): TenantChanged => Object.assign(tenantOf(tenant), { version: tenant.version });

const tenantOf = ({
  autoRevenue: { royalties, telecom, lending },
  id,
  name,
  currency,
  timeZone,
  language,
  vatRate,
  maxRejectedPercent,
}: TenantEntity): Tenant => ({
  id,
  name,
  currency,
  timeZone,
  language,
  vatRate,
  autoRevenue: { royalties, telecom, lending },
  maxRejectedPercent,
});
