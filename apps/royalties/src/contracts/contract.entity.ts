import type { ContractScope } from '@countinghouse/contracts';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** Who owns what, and which share of net is theirs. */
@Entity('contract')
export class ContractEntity {
  @PrimaryColumn('integer', { name: 'tenant_id' })
  tenantId: number;

  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: number;

  @Column('uuid', { name: 'user_id' })
  userId: string;

  @Column('text')
  scope: ContractScope;

  @Column('text')
  match: string;

  @Column('text', { array: true })
  aliases: string[];

  @Column('numeric', { name: 'share_percent' })
  sharePercent: string;

  /** First sales month, YYYYMM. */
  @Column('text', { name: 'from_month', nullable: true })
  from: string | null;

  /** First sales month that is no longer covered, YYYYMM. */
  @Column('text', { name: 'until_month', nullable: true })
  until: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
