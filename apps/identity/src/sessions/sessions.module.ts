import { Module } from '@nestjs/common';
import { LoginThrottle } from './login-throttle.js';
import { RefreshTokens } from './refresh-tokens.js';
import { SessionsHandler } from './sessions.handler.js';
import { SessionsService } from './sessions.service.js';

@Module({ controllers: [SessionsHandler], providers: [SessionsService, LoginThrottle, RefreshTokens] })
export class SessionsModule {}
