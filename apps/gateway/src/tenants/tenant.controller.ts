import { type Call, CreateTenant, identity, TenantId } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Get, Param, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { TenantChanges } from './tenant.dto.js';

@ApiTags('Tenants')
@Controller('tenant')
export class TenantController {
  constructor(private readonly bus: Bus) {}

  /** Adds a tenant and its first admin. */
  @Post()
  @Asks(identity.createTenant, { roles: ['platform_admin'], status: 201 })
  create(@Body() tenant: CreateTenant, @Caller() call: Call) {
    return this.bus.askForReply(identity.createTenant, tenant, call);
  }

  /** The caller's tenant. */
  @Get(':id')
  @Asks(identity.getTenant, { roles: ['admin'] })
  get(@Param() tenant: TenantId, @Caller() call: Call) {
    return this.bus.askForReply(identity.getTenant, tenant, call);
  }

  /** Changes the settings of the caller's tenant. */
  @Patch(':id')
  @Asks(identity.updateTenant, { roles: ['admin'] })
  update(@Param() { id }: TenantId, @Body() changes: TenantChanges, @Caller() call: Call) {
    return this.bus.askForReply(identity.updateTenant, { ...changes, id }, call);
  }
}
