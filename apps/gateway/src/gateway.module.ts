import { identity } from '@countinghouse/contracts';
import { Bus, BusModule, NATS_CONNECTION, type NatsConnection } from '@countinghouse/service/process';
import { openStorage } from '@countinghouse/storage';
import { type DynamicModule, Module } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { AccountingFileController } from './accounting/accounting-file.controller.js';
import { AccountingController } from './accounting/accounting.controller.js';
import { EntryController } from './accounting/entry.controller.js';
import { SplitController } from './accounting/split.controller.js';
import { ApiClientController } from './api-clients/api-client.controller.js';
import { AuthController } from './auth/auth.controller.js';
import { OauthController } from './auth/oauth.controller.js';
import { GATEWAY_CONFIG, type GatewayConfig } from './config.js';
import { ContractController } from './contracts/contract.controller.js';
import { ApiDocument } from './docs/api-document.js';
import { DocController } from './docs/doc.controller.js';
import { FileController } from './files/file.controller.js';
import { STORAGE } from './files/storage.js';
import { HealthController } from './health/health.controller.js';
import { Admission } from './http/admission.js';
import { Shutdown } from './http/shutdown.js';
import { LayoutController } from './layouts/layout.controller.js';
import { KvLeases } from './limits/leases.js';
import { RateLimits } from './limits/rate-limits.js';
import { RoyaltyController } from './royalty/royalty.controller.js';
import { StatementController } from './statements/statement.controller.js';
import { StatementUploadService } from './statements/statement-upload.service.js';
import { TenantController } from './tenants/tenant.controller.js';
import { foreignIssuer, ownIssuer } from './tokens/issuer.js';
import { cachedKeys } from './tokens/key-cache.js';
import { TokenVerifier } from './tokens/token-verifier.js';
import { UploadService } from './uploads/upload.service.js';
import { RoyaltyReportController } from './user-reports/royalty-report.controller.js';
import { UserReportController } from './user-reports/user-report.controller.js';
import { UserController } from './users/user.controller.js';

/** The routes, and what lets requests in. */
@Module({})
export class GatewayModule {
  /** @param platform what connects to the rest of the house; another one in specs */
  static forRoot(config: GatewayConfig, platform: DynamicModule = BusModule.forRoot({ name: 'gateway', config })) {
    return {
      module: GatewayModule,
      imports: [platform],
      controllers: [
        AuthController,
        OauthController,
        ApiClientController,
        TenantController,
        UserController,
        UserReportController,
        RoyaltyReportController,
        StatementController,
        ContractController,
        RoyaltyController,
        LayoutController,
        AccountingController,
        AccountingFileController,
        EntryController,
        SplitController,
        FileController,
        HealthController,
        DocController,
      ],
      providers: [
        Admission,
        ApiDocument,
        Shutdown,
        UploadService,
        StatementUploadService,
        { provide: GATEWAY_CONFIG, useValue: config },
        { provide: STORAGE, useFactory: () => storageOf(config) },
        { provide: TokenVerifier, inject: [Bus], useFactory: (bus: Bus) => tokenVerifier(config, bus) },
        {
          provide: RateLimits,
          inject: [NATS_CONNECTION],
          useFactory: (nats: NatsConnection) => new RateLimits(config.RATE_LIMIT_PER_MINUTE, new KvLeases(nats)),
        },
      ],
    } satisfies DynamicModule;
  }
}

const storageOf = ({ STORAGE_URL, STORAGE_SIGNING_KEY, PUBLIC_URL }: GatewayConfig) =>
  openStorage(STORAGE_URL, { signingKey: STORAGE_SIGNING_KEY, publicUrl: PUBLIC_URL });

function tokenVerifier({ TOKEN_ISSUER, TOKEN_AUDIENCE, TRUSTED_ISSUERS }: GatewayConfig, bus: Bus): TokenVerifier {
  const ask = () => bus.ask(identity.keys, {}, { requestId: randomUUID() });
  const own = ownIssuer(TOKEN_ISSUER, TOKEN_AUDIENCE, cachedKeys(ask));
  return new TokenVerifier([own, ...TRUSTED_ISSUERS.map(foreignIssuer)]);
}
