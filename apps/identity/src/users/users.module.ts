import { Module } from '@nestjs/common';
import { config } from '../config.js';
import { FIRST_CREDENTIALS, PlatformAdminService } from './platform-admin.service.js';
import { UsersHandler } from './users.handler.js';
import { UsersService } from './users.service.js';
import { UsersStore } from './users.store.js';

@Module({
  controllers: [UsersHandler],
  providers: [
    UsersService,
    UsersStore,
    PlatformAdminService,
    { provide: FIRST_CREDENTIALS, useValue: { email: config.ADMIN_EMAIL, password: config.ADMIN_PASSWORD } },
  ],
  exports: [UsersStore],
})
export class UsersModule {}
