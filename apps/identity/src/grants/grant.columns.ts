import type { Role } from '@countinghouse/contracts';
import { Column } from 'typeorm';

/** What a user or a machine client may do, and what that is bound to. */
export abstract class GrantColumns {
  @Column('text', { array: true })
  roles: Role[];

  @Column('text', { name: 'reseller_id', nullable: true })
  resellerId: string | null;

  @Column('uuid', { name: 'client_ids', array: true, nullable: true })
  clientIds: string[] | null;
}
