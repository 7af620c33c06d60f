import type { EntityManager } from 'typeorm';
import { type ContractTerms, keysOf } from './contract-rules.js';

/** Each key of each contract of a list, with the contract's position in it. */
const owned = `json_to_recordset($2) AS owned (at integer, scope text, key text, "from" text, until text)`;
const months = `daterange(to_date(owned."from", 'YYYYMM'), to_date(owned.until, 'YYYYMM'))`;

const ownedJson = (contracts: readonly ContractTerms[]): string =>
  JSON.stringify(
    contracts.flatMap((contract, at) => {
      const { scope, from, until } = contract;
      return keysOf(contract).map((key) => ({ at, scope, key, from, until }));
    }),
  );

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

/** Something that is there already and has a key of the contract at this position, in a month that both cover. */
export interface Overlap {
  at: number;
  id: number;
  match: string;
}

/** One for each contract that overlaps with what is there. */
export const findOverlaps = (
  manager: EntityManager,
  tenantId: number,
  contracts: readonly ContractTerms[],
): Promise<Overlap[]> =>
  manager.query(
    `SELECT DISTINCT ON (owned.at) owned.at, contract.id, contract.match
     FROM ${owned}
     JOIN contract_key AS taken
       ON taken.tenant_id = $1 AND taken.scope = owned.scope AND taken.key = owned.key
          AND taken.key_hash = hashtextextended(owned.key, $1) AND taken.months && ${months}
     JOIN contract ON contract.tenant_id = taken.tenant_id AND contract.id = taken.contract_id
     ORDER BY owned.at, contract.id`,
    [tenantId, ownedJson(contracts)],
  );

/** @param ids of the contracts, in their order */
export const saveKeys = (
  manager: EntityManager,
  tenantId: number,
  contracts: readonly ContractTerms[],
  ids: readonly number[],
): Promise<unknown> =>
  manager.query(
    `INSERT INTO contract_key (tenant_id, scope, months, contract_id, key)
     SELECT $1, owned.scope, ${months}, ($3::bigint[])[owned.at + 1], owned.key FROM ${owned}`,
    [tenantId, ownedJson(contracts), ids],
  );

/** Answers the ids of the contracts, in their order. */
export async function insertContracts(
  manager: EntityManager,
  tenantId: number,
  contracts: readonly ContractTerms[],
  createdAt: Date,
): Promise<number[]> {
  const rows: { at: number; id: number }[] = await manager.query(
    `MERGE INTO contract USING (
       SELECT * FROM json_to_recordset($2) AS row
         (at integer, "userId" uuid, scope text, match text, aliases text[], "sharePercent" numeric,
          "from" text, until text)
       ORDER BY at
     ) AS given ON false
     WHEN NOT MATCHED THEN
       INSERT (tenant_id, user_id, scope, match, aliases, share_percent, from_month, until_month, created_at)
       VALUES ($1, given."userId", given.scope, given.match, given.aliases, given."sharePercent",
               given."from", given.until, $3)
     RETURNING given.at, contract.id`,
    [tenantId, JSON.stringify(contracts.map((contract, at) => ({ ...contract, at }))), createdAt],
  );
  return rows.toSorted((a, b) => a.at - b.at).map(({ id }) => id);
}
