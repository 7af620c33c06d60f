import {
  type Call,
  type CreateUser,
  DomainError,
  type FindUser,
  type FindUsers,
  type ListUsers,
  type UpdateUser,
  type User,
  type UserChanged,
  type UserPage,
} from '@countinghouse/contracts';
import { hasRole, principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { requireBounds } from '../grants/require-bounds.js';
import { Passwords } from '../keys/passwords.js';
import { Secrets } from '../keys/secrets.js';

import { endSessions } from '../sessions/sessions.store.js';
import { UsersStore } from './users.store.js';

@Injectable()
export class UsersService {
  constructor(
    private readonly transactions: Transactions,
    private readonly users: UsersStore,
    private readonly passwords: Passwords,
    private readonly secrets: Secrets,
  ) {}

  async create(call: Call, { password, ...profile }: CreateUser): Promise<User> {
    const { tenantId } = principalOf(call);
    const passwordHash = password ? await this.passwords.hash(password) : null;
    return this.transactions.run(this.secrets.hideBody(call), async (manager) => {
      const values = { resellerId: null, clientIds: null, ...profile, passwordHash };
      return requireBounds(await this.users.add(manager, tenantId, values));
    });
  }

  /** Everybody may read themselves; an admin reads all of the tenant. */
  async get(call: Call, id: string): Promise<User> {
    const principal = principalOf(call);
    const visible = principal.userId === id || hasRole(principal, 'admin');
    const user = visible ? await this.users.find(principal.tenantId, id) : null;
    if (!user) throw new DomainError('not_found', 'User not found');
    return user;
  }

  list(call: Call, request: ListUsers): Promise<UserPage> {
    const { tenantId } = principalOf(call);
    return this.transactions.read(tenantId, (manager) => this.users.list(manager, tenantId, request));
  }

  /** A new password ends the user's logins; new roles show in the next access token. */
  async update(call: Call, { id, password, ...profile }: UpdateUser): Promise<User> {
    const { tenantId } = principalOf(call);
    const passwordHash = password ? await this.passwords.hash(password) : password;
    const changes = passwordHash === undefined ? profile : { ...profile, passwordHash };
    return this.transactions.run(this.secrets.hideBody(call), async (manager) => {
      const user = requireBounds(await this.users.change(manager, tenantId, id, changes));
      if (passwordHash !== undefined) await endSessions(manager, tenantId, id);
      return user;
    });
  }

  /** The row stays, because other services go on naming the user. */
  async delete(call: Call, id: string): Promise<null> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      await this.users.change(manager, tenantId, id, { deletedAt: new Date() });
      await endSessions(manager, tenantId, id);
      return null;
    });
  }

  async findForServices({ tenantId, id }: FindUser): Promise<UserChanged> {
    const [user] = await this.findAllForServices({ tenantId, ids: [id] });
    if (!user) throw new DomainError('not_found', 'User not found');
    return user;
  }

  findAllForServices({ tenantId, ids }: FindUsers): Promise<UserChanged[]> {
    return this.transactions.read(tenantId, (manager) => this.users.findChanged(manager, tenantId, ids));
  }
}
