import { identityFacts } from '@countinghouse/contracts';
import { ServiceModule } from '@countinghouse/service';
import { Module } from '@nestjs/common';
import { ApiClientEntity } from './api-clients/api-client.entity.js';
import { ApiClientsModule } from './api-clients/api-clients.module.js';
import { config } from './config.js';
import { migrations } from './database/migrations/index.js';
import { KeysModule } from './keys/keys.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { TenantEntity } from './tenants/tenant.entity.js';
import { TenantsModule } from './tenants/tenants.module.js';
import { UserEntity } from './users/user.entity.js';
import { UsersModule } from './users/users.module.js';

@Module({
  imports: [
    ServiceModule.forRoot({
      name: 'identity',
      config,
      database: { entities: [TenantEntity, UserEntity, ApiClientEntity], migrations },
      publishes: Object.values(identityFacts),
    }),
    KeysModule,
    TenantsModule,
    UsersModule,
    ApiClientsModule,
    SessionsModule,
  ],
})
export class AppModule {}
