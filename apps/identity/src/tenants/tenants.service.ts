import {
  type Call,
  type CreateTenant,
  DomainError,
  type Tenant,
  type TenantChanged,
  type UpdateTenant,
} from '@countinghouse/contracts';
import { principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { Passwords } from '../keys/passwords.js';
import { Secrets } from '../keys/secrets.js';
import { UsersStore } from '../users/users.store.js';
import { TenantsStore } from './tenants.store.js';

@Injectable()
export class TenantsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly tenants: TenantsStore,
    private readonly users: UsersStore,
    private readonly passwords: Passwords,
    private readonly secrets: Secrets,
  ) {}

  /** A tenant and its first admin, or neither. */
  async create(call: Call, { admin: { password, ...admin }, ...values }: CreateTenant): Promise<Tenant> {
    const passwordHash = await this.passwords.hash(password);
    return this.transactions.run(this.secrets.hideBody(call), async (manager) => {
      const tenant = await this.tenants.add(manager, values);
      await this.users.add(manager, tenant.id, {
        ...admin,
        passwordHash,
        roles: ['admin'],
        resellerId: null,
        clientIds: null,
      });
      return tenant;
    });
  }

  async get(call: Call, id: number): Promise<Tenant> {
    requireOwn(call, id);
    const { version: _, ...tenant } = await this.findForServices(id);
    return tenant;
  }

  update(call: Call, request: UpdateTenant): Promise<Tenant> {
    requireOwn(call, request.id);
    return this.transactions.run(call, (manager) => this.tenants.change(manager, request));
  }

  findForServices(id: number): Promise<TenantChanged> {
    return this.transactions.read(id, (manager) => this.tenants.get(manager, id));
  }
}

/** Another's tenant is not there, just like one that was never made. */
const requireOwn = (call: Call, id: number): void => {
  if (principalOf(call).tenantId !== id) throw new DomainError('not_found', 'Tenant not found');
};
