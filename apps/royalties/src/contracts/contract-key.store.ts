import type { EntityManager } from 'typeorm';
import type { ContractEntity } from './contract.entity.js';

const months = `daterange(to_date($3, 'YYYYMM'), to_date($4, 'YYYYMM'))`;

/**
 * Marks that the tenant's contracts changed. The row stays locked to the end of the transaction, so that changes of
 * contracts and bookings that read them come one after the other.
 */
export const bumpRevision = (manager: EntityManager, tenantId: number): Promise<unknown> =>
  manager.query(
    `INSERT INTO contract_revision (tenant_id, revision) VALUES ($1, 1)
     ON CONFLICT (tenant_id) DO UPDATE SET revision = contract_revision.revision + 1`,
    [tenantId],
  );

/** The contract of the same scope that has one of the keys in a month that both cover. */
export async function findOverlap(
  manager: EntityManager,
  { tenantId, scope, from, until, id }: ContractEntity,
  keys: string[],
): Promise<{ id: number; match: string } | null> {
  const [other] = await manager.query(
    `SELECT contract.id, contract.match
     FROM contract_key AS taken
     JOIN contract ON contract.tenant_id = taken.tenant_id AND contract.id = taken.contract_id
     WHERE taken.tenant_id = $1 AND taken.scope = $2 AND taken.months && ${months}
       AND taken.key = ANY ($5) AND taken.contract_id <> $6
     ORDER BY contract.id
     LIMIT 1`,
    [tenantId, scope, from, until, keys, id],
  );
  return other ?? null;
}

export const saveKeys = (
  manager: EntityManager,
  { tenantId, scope, from, until, id }: ContractEntity,
  keys: string[],
): Promise<unknown> =>
  manager.query(
    `INSERT INTO contract_key (tenant_id, scope, months, contract_id, key)
     SELECT $1, $2, ${months}, $5, key FROM unnest($6::text[]) AS key`,
    [tenantId, scope, from, until, id, keys],
  );
