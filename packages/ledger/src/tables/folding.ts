import type { DataSource } from 'typeorm';

/**
 * Adds movements of any tenants to what is folded already, so that reads stay short; no figure changes by it. Several may
 * fold at once, and nobody who books or reads waits.
 *
 * @returns how many were folded: fewer than `howMany` when no more are left
 */
export const foldMovements = async (dataSource: DataSource, howMany = 10_000): Promise<number> => {
  const [row] = await dataSource.query(`SELECT fold_movements($1) AS folded`, [howMany]);
  return row.folded;
};
