import type { Tenant } from '@countinghouse/contracts';
import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';

/** Which services' facts book a revenue in accounting. */
export class AutoRevenueColumns {
  @Column('boolean', { name: 'auto_revenue_royalties' })
  royalties: boolean;

  @Column('boolean', { name: 'auto_revenue_telecom' })
  telecom: boolean;

  @Column('boolean', { name: 'auto_revenue_lending' })
  lending: boolean;
}

@Entity('tenant')
export class TenantEntity {
  @PrimaryColumn('integer', { name: 'tenant_id' })
  id: number;

  @Column('text')
  name: string;

  @Column('text')
  currency: string;

  @Column('text', { name: 'time_zone' })
  timeZone: string;

  @Column('text')
  language: Tenant['language'];

  /** Fraction. */
  @Column('numeric', { name: 'vat_rate' })
  vatRate: string;

  @Column(() => AutoRevenueColumns, { prefix: false })
  autoRevenue: AutoRevenueColumns;

  @Column('numeric', { name: 'max_rejected_percent' })
  maxRejectedPercent: string;

  @VersionColumn()
  version: number;
}
