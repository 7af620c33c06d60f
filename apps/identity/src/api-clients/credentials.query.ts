import type { Role } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';

export interface Credentials {
  tenantId: number;
  /** SHA-256. */
  secretHash: Buffer;
  roles: Role[];
  resellerId: string | null;
  clientIds: string[] | null;
}

/** What a machine client must know and what it may do, whatever its tenant; `null` when it is unknown or expired. */
export const findCredentials = async (manager: EntityManager, clientId: string): Promise<Credentials | null> => {
  const [client]: Credentials[] = await manager.query(
    `SELECT tenant_id AS "tenantId", secret_hash AS "secretHash", roles, reseller_id AS "resellerId",
            client_ids AS "clientIds"
     FROM api_client_credentials($1)`,
    [clientId],
  );
  return client ?? null;
};
