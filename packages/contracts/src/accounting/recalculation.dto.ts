import { IsBoolean, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { FlagInText, NumberInText } from '../fields.js';
import { OfUser } from './balances.dto.js';

export class RecalculateUser extends OfUser {
  /** Also when nothing has changed since the last time. */
  @IsOptional()
  @FlagInText()
  @IsBoolean()
  forceRefresh?: boolean;
}

export class UserRecalculation {
  /** @example "User accounting update queued successfully" */
  message: string;
  jobId: string;
  userId: string;
  /** @example "queued" */
  status: string;
}

export class RecalculateTenant {
  /** Users per batch. */
  @IsOptional()
  @NumberInText()
  @IsInt()
  @Min(1)
  @Max(500)
  batchSize: number = 100;
}

export class BatchInfo {
  /** @example 100 */
  batchSize: number;
  /** From the speed of earlier recalculations. @example "~2 seconds for 500 users" */
  estimatedTime: string;
}

export class TenantRecalculation {
  /** @example "Tenant accounting update queued successfully" */
  message: string;
  jobId: string;
  tenantId: number;
  /** @example "queued" */
  status: string;
  info: BatchInfo;
}

export class Refreshed {
  /** @example "success" */
  message: string;
  processedCount: number;
  totalUsers: number;
}

export class FlowInfo {
  /** @example "manual" */
  triggeredBy: string;
  /** @example "Product Stats → Asset Stats → Artist Stats → Accounting" */
  executionOrder: string;
}

export class StatisticsFlow {
  /** @example "Stats and accounting refresh queued successfully" */
  message: string;
  flowId: string;
  tenantId: number;
  /** @example "queued" */
  status: string;
  info: FlowInfo;
}

export class QueueQuery {
  /** A job or flow; the whole queue when not given. */
  @IsOptional()
  @IsUUID()
  jobId?: string;
}

export const jobStates = ['waiting', 'active', 'completed', 'failed', 'delayed'] as const;

export class JobData {
  /** @example "manual" */
  triggeredBy: string;
  timestamp: string;
  userCount: number;
}

/** Milliseconds since 1970. */
export class JobTimestamps {
  created: number;
  processed: number | null;
  finished: number | null;
}

export class QueueCounts {
  waiting: number;
  active: number;
  completed: number;
  failed: number;
  delayed: number;
}

/** Of one job when `jobId` was given, otherwise of the whole queue. */
export class QueueStatus {
  jobId?: string;
  state?: (typeof jobStates)[number];
  /** Percent. @example 45.5 */
  progress?: number;
  data?: JobData;
  /** Why it failed, or what it waits for. */
  error?: string;
  timestamps?: JobTimestamps;
  queue?: QueueCounts;
}
