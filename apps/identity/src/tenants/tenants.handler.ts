import {
  type Call,
  CreateTenant,
  identity,
  type Tenant,
  type TenantChanged,
  TenantId,
  UpdateTenant,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { TenantsService } from './tenants.service.js';

@Controller()
export class TenantsHandler {
  constructor(private readonly tenants: TenantsService) {}

  @Answers(identity.createTenant)
  create(@Payload() request: CreateTenant, @Ctx() call: Call): Promise<Tenant> {
    requireRole(call, 'platform_admin');
    return this.tenants.create(call, request);
  }

  @Answers(identity.getTenant)
  get(@Payload() { id }: TenantId, @Ctx() call: Call): Promise<Tenant> {
    requireRole(call, 'admin');
    return this.tenants.get(call, id);
  }

  @Answers(identity.updateTenant)
  update(@Payload() request: UpdateTenant, @Ctx() call: Call): Promise<Tenant> {
    requireRole(call, 'admin');
    return this.tenants.update(call, request);
  }

  @Answers(identity.findTenant)
  find(@Payload() { id }: TenantId): Promise<TenantChanged> {
    return this.tenants.findForServices(id);
  }
}
