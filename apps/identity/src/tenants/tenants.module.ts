import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { TenantsHandler } from './tenants.handler.js';
import { TenantsService } from './tenants.service.js';
import { TenantsStore } from './tenants.store.js';

@Module({ imports: [UsersModule], controllers: [TenantsHandler], providers: [TenantsService, TenantsStore] })
export class TenantsModule {}
