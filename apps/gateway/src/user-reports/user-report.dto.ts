import { ReportFiles } from '@countinghouse/contracts';
import { OmitType, PickType } from '@nestjs/swagger';

export class ReportId extends PickType(ReportFiles, ['id'] as const) {}

export class FileOptions extends OmitType(ReportFiles, ['id'] as const) {}
