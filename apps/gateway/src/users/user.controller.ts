import { type Call, CreateUser, identity, ListUsers, UserId } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { UserChanges } from './user.dto.js';

@ApiTags('Users')
@Controller('user')
export class UserController {
  constructor(private readonly bus: Bus) {}

  /** Adds a user to the caller's tenant. */
  @Post()
  @Asks(identity.createUser, { roles: ['admin'], status: 201 })
  create(@Body() user: CreateUser, @Caller() call: Call) {
    return this.bus.askForReply(identity.createUser, user, call);
  }

  /** The users of the tenant. */
  @Get()
  @Asks(identity.listUsers, { roles: ['admin'] })
  list(@Query() filter: ListUsers, @Caller() call: Call) {
    return this.bus.askForReply(identity.listUsers, filter, call);
  }

  /** One user of the tenant. */
  @Get(':id')
  @Asks(identity.getUser, { roles: ['admin'] })
  get(@Param() user: UserId, @Caller() call: Call) {
    return this.bus.askForReply(identity.getUser, user, call);
  }

  /** Changes a user. New roles show in the user's next access token. */
  @Patch(':id')
  @Asks(identity.updateUser, { roles: ['admin'] })
  update(@Param() { id }: UserId, @Body() changes: UserChanges, @Caller() call: Call) {
    return this.bus.askForReply(identity.updateUser, { ...changes, id }, call);
  }

  /** Removes a user: no more logins, and the e-mail address is free again. What the user earned stays. */
  @Delete(':id')
  @Asks(identity.deleteUser, { roles: ['admin'] })
  delete(@Param() user: UserId, @Caller() call: Call) {
    return this.bus.askForReply(identity.deleteUser, user, call);
  }
}
