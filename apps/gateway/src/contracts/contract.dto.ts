import { UpdateContract } from '@countinghouse/contracts';
import { OmitType } from '@nestjs/swagger';

/** What is given changes; `null` removes a limit in time. */
export class ContractChanges extends OmitType(UpdateContract, ['id'] as const) {}
