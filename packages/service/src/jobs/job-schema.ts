import { Client } from 'pg';
import { PgBoss } from 'pg-boss';

/**
 * Creates or upgrades pg-boss's schema as the owner and lets the service's role work in it. pg-boss knows its own
 * versions, so this is not one of our migrations.
 */
export const installJobSchema = async (ownerUrl: string, role: string): Promise<void> => {
  const boss = new PgBoss({ connectionString: ownerUrl, max: 2, supervise: false, schedule: false });
  boss.on('error', () => {}); // start() rejects as well
  await boss.start();
  await boss.stop({ graceful: false });
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(`
      GRANT USAGE ON SCHEMA pgboss TO "${role}";
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA pgboss TO "${role}";
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA pgboss TO "${role}"`);
  } finally {
    await owner.end();
  }
};
