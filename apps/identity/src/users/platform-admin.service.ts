import { Transactions } from '@countinghouse/service';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { platformTenant } from '../domain/platform.js';
import { Passwords } from '../keys/passwords.js';
import { UserEntity } from './user.entity.js';
import { UsersStore } from './users.store.js';

export interface FirstCredentials {
  email: string;
  password: string;
}

/** Injection token of the platform admin's first credentials. */
export const FIRST_CREDENTIALS = Symbol('first credentials of the platform admin');

/** Makes the platform admin at the first start; afterwards the credentials of the environment mean nothing. */
@Injectable()
export class PlatformAdminService implements OnApplicationBootstrap {
  constructor(
    private readonly transactions: Transactions,
    private readonly users: UsersStore,
    private readonly passwords: Passwords,
    @Inject(FIRST_CREDENTIALS) private readonly first: FirstCredentials,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.transactions.inTenant(platformTenant, async (manager) => {
      // Replicas that start together take turns, and all but one find somebody.
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('platform admin', 0))`);
      if (await manager.existsBy(UserEntity, { tenantId: platformTenant })) return;
      await this.users.add(manager, platformTenant, {
        email: this.first.email,
        firstName: 'Platform',
        lastName: 'Admin',
        passwordHash: await this.passwords.hash(this.first.password),
        roles: ['platform_admin'],
        resellerId: null,
        clientIds: null,
      });
    });
  }
}
