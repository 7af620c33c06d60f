import { type Call, ClientCredentials, identity } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Controller, Get, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { Credentials } from './client-credentials.js';

@ApiTags('Signing in')
@Controller()
export class OauthController {
  constructor(private readonly bus: Bus) {}

  /** A token for a machine client, which names itself with HTTP Basic or in the form, not both. */
  @Post('oauth/token')
  @ApiBasicAuth()
  @ApiBody({ type: ClientCredentials })
  @Asks(identity.clientToken, { roles: 'public', body: 'form' })
  token(@Credentials() credentials: ClientCredentials, @Caller() call: Call) {
    return this.bus.askForReply(identity.clientToken, credentials, call);
  }

  /** The public keys that verify our access tokens. */
  @Get('.well-known/jwks.json')
  @Asks(identity.keys, { roles: 'public' })
  keys(@Caller() call: Call) {
    return this.bus.askForReply(identity.keys, {}, call);
  }
}
