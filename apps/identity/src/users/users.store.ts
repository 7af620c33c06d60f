import { randomUUID } from 'node:crypto';
import {
  DomainError,
  identityFacts,
  type ListUsers,
  type User,
  type UserChanged,
  type UserPage,
} from '@countinghouse/contracts';
import { Outbox, PointRead } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, QueryFailedError } from 'typeorm';
import { boundsOf } from '../domain/grant.js';
import { emailKey, searchKey } from '../domain/text-keys.js';
import { listedUsers, type UserRow, userColumns } from './listed-users.query.js';
import { UserEntity } from './user.entity.js';

export type UserValues = Pick<
  UserEntity,
  'email' | 'firstName' | 'lastName' | 'passwordHash' | 'roles' | 'resellerId' | 'clientIds'
>;

/** Users as rows. No change is saved without the fact that tells of it. */
@Injectable()
export class UsersStore {
  private readonly users: PointRead<UserRow>;

  constructor(
    dataSource: DataSource,
    private readonly outbox: Outbox,
  ) {
    this.users = new PointRead(
      dataSource,
      `SELECT ${userColumns} FROM app_user WHERE tenant_id = current_tenant() AND id = ANY($1) AND deleted_at IS NULL`,
    );
  }

  async find(tenantId: number, id: string): Promise<User | null> {
    const row = await this.users.find(tenantId, id);
    return row && userOf(row);
  }

  async list(manager: EntityManager, tenantId: number, { q = '', page, size }: ListUsers): Promise<UserPage> {
    const { rows, total } = await listedUsers(manager, { tenantId, q: searchKey(q), page, size });
    return { items: rows.map(userOf), total, page, totalPages: Math.ceil(total / size) };
  }

  /** What other services know of users, deleted ones included. */
  async findChanged(manager: EntityManager, tenantId: number, ids: string[]): Promise<UserChanged[]> {
    const users = await manager.find(UserEntity, { where: { tenantId, id: In(ids) }, withDeleted: true });
    return users.map(changedOf);
  }

  /** @throws DomainError `conflict` when the e-mail address is taken */
  add(manager: EntityManager, tenantId: number, values: UserValues): Promise<User> {
    return this.save(manager, manager.create(UserEntity, { ...values, tenantId, id: randomUUID(), deletedAt: null }));
  }

  /** @throws DomainError `not_found`, or `conflict` when the e-mail address is taken */
  async change(
    manager: EntityManager,
    tenantId: number,
    id: string,
    changes: Partial<UserValues> & { deletedAt?: Date },
  ): Promise<User> {
    const user = await manager.findOne(UserEntity, { where: { tenantId, id }, lock: { mode: 'pessimistic_write' } });
    if (!user) throw new DomainError('not_found', 'User not found');
    return this.save(manager, Object.assign(user, changes));
  }

  private async save(manager: EntityManager, user: UserEntity): Promise<User> {
    user.emailKey = emailKey(user.email);
    user.searchText = searchKey(`${fullNameOf(user)}\n${user.email}`);
    try {
      await manager.save(user);
    } catch (error) {
      throw isEmailTaken(error) ? new DomainError('conflict', 'A user with this email already exists') : error;
    }
    await this.outbox.add(manager, identityFacts.userChanged, user.tenantId, changedOf(user));
    return userOf(user);
  }
}

const fullNameOf = ({ firstName, lastName }: Pick<UserRow, 'firstName' | 'lastName'>) => `${firstName} ${lastName}`;

const userOf = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  firstName: row.firstName,
  lastName: row.lastName,
  fullName: fullNameOf(row),
  tenantId: row.tenantId,
  roles: row.roles,
  ...boundsOf(row),
});

const changedOf = ({ id, email, firstName, lastName, roles, deletedAt, version }: UserEntity): UserChanged => ({
  id,
  email,
  firstName,
  lastName,
  roles,
  deleted: deletedAt !== null,
  version,
});

const isEmailTaken = (error: unknown): boolean =>
  error instanceof QueryFailedError && (error.driverError as { constraint?: string }).constraint === 'app_user_email';
