import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';
import { GrantColumns } from '../grants/grant.columns.js';

@Entity('api_client')
export class ApiClientEntity extends GrantColumns {
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

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
