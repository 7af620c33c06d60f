import { Global, Module } from '@nestjs/common';
import { config } from '../config.js';
import { AccessTokens } from './access-tokens.js';
import { Passwords } from './passwords.js';
import { Secrets } from './secrets.js';

/** What the service signs, hashes and encrypts with. */
@Global()
@Module({
  providers: [
    { provide: Passwords, useFactory: () => new Passwords() },
    { provide: Secrets, useFactory: () => new Secrets(config.SECRETS_KEY) },
    {
      provide: AccessTokens,
      useFactory: () =>
        AccessTokens.with({
          issuer: config.TOKEN_ISSUER,
          audience: config.TOKEN_AUDIENCE,
          privateKey: config.TOKEN_PRIVATE_KEY,
          previousPublicKeys: config.TOKEN_PREVIOUS_PUBLIC_KEYS,
        }),
    },
  ],
  exports: [Passwords, Secrets, AccessTokens],
})
export class KeysModule {}
