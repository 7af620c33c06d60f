import { VoidStatement } from '@countinghouse/contracts';
import { OmitType } from '@nestjs/swagger';

export class VoidReason extends OmitType(VoidStatement, ['id'] as const) {}
