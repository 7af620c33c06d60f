import { type Call, identity, type JsonWebKeySet, Login, RefreshToken, type Tokens } from '@countinghouse/contracts';
import { Answers } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AccessTokens } from '../keys/access-tokens.js';
import { SessionsService } from './sessions.service.js';

@Controller()
export class SessionsHandler {
  constructor(
    private readonly sessions: SessionsService,
    private readonly accessTokens: AccessTokens,
  ) {}

  @Answers(identity.login)
  login(@Payload() request: Login, @Ctx() call: Call): Promise<Tokens> {
    return this.sessions.login(call, request);
  }

  @Answers(identity.refresh)
  refresh(@Payload() request: RefreshToken): Promise<Tokens> {
    return this.sessions.refresh(request);
  }

  @Answers(identity.logout)
  logout(@Payload() request: RefreshToken): Promise<null> {
    return this.sessions.logout(request);
  }

  @Answers(identity.keys)
  keys(): Promise<JsonWebKeySet> {
    return Promise.resolve(this.accessTokens.keys);
  }
}
