import type { EntityManager, QueryRunner } from 'typeorm';

/** The setting that row-level security reads through `current_tenant()`. */
const setting = 'app.tenant';

/**
 * From here to the end of the transaction (or the next call) only this tenant's rows exist. `null` shows no rows at all.
 */
export const enterTenant = async (manager: EntityManager, tenantId: number | null): Promise<void> => {
  await manager.query(`SELECT set_config('${setting}', $1, true)`, [tenantSetting(tenantId)]);
};

export const tenantSetting = (tenantId: number | null): string => {
  if (tenantId === null) return '';
  if (!Number.isInteger(tenantId) || tenantId < 0) throw new TypeError(`Not a tenant id: ${String(tenantId)}`);
  return String(tenantId);
};

/** The plain role that a service connects with, as migrations know it. */
export const serviceRole = async (queryRunner: QueryRunner): Promise<string> => {
  const [row] = await queryRunner.query(`SELECT quote_ident(current_setting('app.service_role')) AS role`);
  return row.role;
};

/**
 * For migrations: hides the rows of other tenants from the service's role and grants it what it needs to do.
 * The table has a `tenant_id`.
 *
 * @example await tenantTable(queryRunner, 'user_report', 'SELECT, INSERT');
 */
export const tenantTable = async (queryRunner: QueryRunner, table: string, grants: string): Promise<void> => {
  await queryRunner.query(`ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`);
  await queryRunner.query(`
    CREATE POLICY tenant ON ${table} USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant())`);
  await queryRunner.query(`GRANT ${grants} ON ${table} TO ${await serviceRole(queryRunner)}`);
};

/**
 * For migrations: a function that looks across tenants with its owner's eyes; only the service's role may call it.
 * `signature` is its name with argument types; `definition` what follows the name in CREATE FUNCTION, without SECURITY.
 *
 * @example
 * await crossTenantFunction(queryRunner, 'purge_sessions()', 'purge_sessions() RETURNS void LANGUAGE sql', 'DELETE FROM …');
 */
export const crossTenantFunction = async (
  queryRunner: QueryRunner,
  signature: string,
  head: string,
  body: string,
): Promise<void> => {
  await queryRunner.query(
    `CREATE FUNCTION ${head} SECURITY DEFINER SET search_path = public, pg_temp AS $function$ ${body} $function$`,
  );
  await queryRunner.query(`REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`);
  await queryRunner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO ${await serviceRole(queryRunner)}`);
};
