import type { Role } from '@countinghouse/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

@Entity('api_client')
export class ApiClientEntity {
  @PrimaryColumn('integer', { name: 'tenant_id' })
  tenantId: number;

  @PrimaryColumn('uuid', { name: 'client_id' })
  clientId: string;

  @Column('text')
  name: string;

  /** SHA-256. */
  @Column('bytea', { name: 'secret_hash' })
  secretHash: Buffer;

  /** Sealed; only clients that post a provider's events have one. */
  @Column('bytea', { name: 'signing_secret', nullable: true })
  signingSecret: Buffer | null;

  @Column('text', { array: true })
  roles: Role[];

  @Column('text', { name: 'reseller_id', nullable: true })
  resellerId: string | null;

  @Column('uuid', { name: 'client_ids', array: true, nullable: true })
  clientIds: string[] | null;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
