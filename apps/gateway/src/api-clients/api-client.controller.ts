import { ApiClientId, type Call, CreateApiClient, identity } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';

@ApiTags('Machine clients')
@Controller('api-clients')
export class ApiClientController {
  constructor(private readonly bus: Bus) {}

  /** Adds a machine client. Its secrets are shown this once. */
  @Post()
  @Asks(identity.createApiClient, { roles: ['admin'], status: 201 })
  create(@Body() client: CreateApiClient, @Caller() call: Call) {
    return this.bus.askForReply(identity.createApiClient, client, call);
  }

  /** The machine clients of the tenant, without their secrets. */
  @Get()
  @Asks(identity.listApiClients, { roles: ['admin'] })
  list(@Caller() call: Call) {
    return this.bus.askForReply(identity.listApiClients, {}, call);
  }

  /** Removes a machine client: it is given no more tokens. */
  @Delete(':client_id')
  @Asks(identity.deleteApiClient, { roles: ['admin'] })
  delete(@Param() client: ApiClientId, @Caller() call: Call) {
    return this.bus.askForReply(identity.deleteApiClient, client, call);
  }
}
