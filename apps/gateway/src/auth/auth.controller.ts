import { type Call, DomainError, identity, Login, RefreshToken } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { anyRole, Asks } from '../http/asks.js';
import { Caller, principalOf } from '../http/caller.js';

@ApiTags('Signing in')
@Controller('auth')
export class AuthController {
  constructor(private readonly bus: Bus) {}

  /** Signs a user in. */
  @Post('login')
  @Asks(identity.login, { roles: 'public' })
  login(@Body() login: Login, @Caller() call: Call) {
    return this.bus.askForReply(identity.login, login, call);
  }

  /** Exchanges a refresh token for new tokens; the old one is spent. */
  @Post('refresh')
  @Asks(identity.refresh, { roles: 'public' })
  refresh(@Body() token: RefreshToken, @Caller() call: Call) {
    return this.bus.askForReply(identity.refresh, token, call);
  }

  /** Signs out: the refresh token and all that came of it are revoked. */
  @Post('logout')
  @Asks(identity.logout, { roles: 'public' })
  logout(@Body() token: RefreshToken, @Caller() call: Call) {
    return this.bus.askForReply(identity.logout, token, call);
  }

  /** Who the token speaks for. */
  @Get('me')
  @Asks(identity.getUser, { roles: anyRole })
  me(@Caller() call: Call) {
    return this.bus.askForReply(identity.getUser, { id: userIdOf(call) }, call);
  }
}

function userIdOf(call: Call): string {
  const { userId } = principalOf(call);
  if (userId === undefined) throw new DomainError('not_found', 'The token speaks for a machine client, not for a user');
  return userId;
}
