import { UpdateTenant } from '@countinghouse/contracts';
import { OmitType } from '@nestjs/swagger';

/** What is given changes; the rest of `autoRevenue` too stays as it was. */
export class TenantChanges extends OmitType(UpdateTenant, ['id'] as const) {}
