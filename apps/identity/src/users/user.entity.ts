import { Column, DeleteDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { GrantColumns } from '../grants/grant.columns.js';

@Entity('app_user')
export class UserEntity extends GrantColumns {
  @PrimaryColumn('integer', { name: 'tenant_id' })
  tenantId: number;

  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  email: string;

  /** Unique among the users of a tenant that are not deleted. */
  @Column('text', { name: 'email_key' })
  emailKey: string;

  @Column('text', { name: 'first_name' })
  firstName: string;

  @Column('text', { name: 'last_name' })
  lastName: string;

  /** Name and e-mail in the form in which they are searched. */
  @Column('text', { name: 'search_text' })
  searchText: string;

  /** PHC string; `null` cannot log in. */
  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash: string | null;

  @VersionColumn()
  version: number;

  @DeleteDateColumn({ name: 'deleted_at', type: 'timestamptz' })
  deletedAt: Date | null;
}
