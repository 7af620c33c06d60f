import { CancelReport, ReportFiles } from '@countinghouse/contracts';
import { OmitType } from '@nestjs/swagger';

export class FileOptions extends OmitType(ReportFiles, ['id'] as const) {}

export class CancelReason extends OmitType(CancelReport, ['id'] as const) {}
