import type { StatementState, UploadMode } from '@countinghouse/contracts';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A distributor's monthly file and what became of it. */
@Entity('statement')
export class StatementEntity {
  @PrimaryColumn('integer', { name: 'tenant_id' })
  tenantId: number;

  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: number;

  @Column('text')
  distributor: string;

  @Column('text', { name: 'reporting_month' })
  reportingMonth: string;

  /** As the uploader said it; the file may say it too and must agree. */
  @Column('text', { name: 'declared_currency', nullable: true })
  declaredCurrency: string | null;

  @Column('text', { name: 'declared_decimal', nullable: true })
  declaredDecimal: 'comma' | 'point' | null;

  @Column('text', { nullable: true })
  mode: UploadMode | null;

  /** What the file must sum up to. */
  @Column('numeric', { name: 'declared_total', nullable: true })
  declaredTotal: string | null;

  /** The file as it was sent. */
  @Column('text', { name: 'source_key' })
  sourceKey: string;

  @Column('text')
  sha256: string;

  @Column('bigint')
  bytes: number;

  @Column('text')
  state: StatementState;

  @Column('integer')
  progress: number;

  @Column('text', { nullable: true })
  error: string | null;

  @Column('text', { nullable: true })
  currency: string | null;

  /** Every readable line, normalised: a lines file, immutable. */
  @Column('text', { name: 'lines_key', nullable: true })
  linesKey: string | null;

  @Column('text', { name: 'rejected_key', nullable: true })
  rejectedKey: string | null;

  /** The lines nobody owns yet: a new file after each match. */
  @Column('text', { name: 'suspense_key', nullable: true })
  suspenseKey: string | null;

  @Column('bigint', { name: 'lines_read' })
  linesRead: number;

  @Column('bigint', { name: 'lines_accepted' })
  linesAccepted: number;

  @Column('bigint', { name: 'lines_rejected' })
  linesRejected: number;

  @Column('bigint', { name: 'lines_unmatched' })
  linesUnmatched: number;

  /** Sum of the accepted and unmatched lines. */
  @Column('numeric')
  net: string;

  @Column('numeric')
  royalties: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt: Date | null;

  @Column('timestamptz', { name: 'voided_at', nullable: true })
  voidedAt: Date | null;

  @Column('text', { name: 'void_reason', nullable: true })
  voidReason: string | null;
}
