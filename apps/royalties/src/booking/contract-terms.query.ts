import type { EntityManager } from 'typeorm';
import type { ContractTerm } from '../engine/book-lines.js';

interface TenantContracts {
  /** Moves with every change of the tenant's contracts. */
  revision: number;
  terms: ContractTerm[];
}

const revisionOf = `SELECT revision FROM contract_revision WHERE tenant_id = $1`;

export async function contractTerms(manager: EntityManager, tenantId: number): Promise<TenantContracts> {
  const [row] = await manager.query(revisionOf, [tenantId]);
  const terms: ContractTerm[] = await manager.query(
    `SELECT contract.id AS "contractId", owned.scope, owned.key, contract.user_id AS owner,
            contract.share_percent AS "sharePercent", contract.from_month AS "from", contract.until_month AS "until"
     FROM contract_key AS owned
     JOIN contract ON contract.tenant_id = owned.tenant_id AND contract.id = owned.contract_id
     WHERE owned.tenant_id = $1
     ORDER BY contract.id, owned.key`,
    [tenantId],
  );
  return { revision: row?.revision ?? 0, terms };
}

/**
 * The revision as it is now; contracts and reports stay as they are to the end of the transaction, because whatever
 * changes either takes this lock first. What was matched with an older revision has to be matched again before it is
 * booked.
 */
export async function lockRevision(manager: EntityManager, tenantId: number): Promise<number> {
  await manager.query(
    `INSERT INTO contract_revision (tenant_id, revision) VALUES ($1, 0) ON CONFLICT (tenant_id) DO NOTHING`,
    [tenantId],
  );
  const [row] = await manager.query(`${revisionOf} FOR UPDATE`, [tenantId]);
  return row.revision;
}
