import type { ClientConfig, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { clientSettings } from './data-source.js';
import { databaseRefusal } from './database-errors.js';
import { LastingConnection } from './lasting-connection.js';
import { tenantSetting } from './tenancy.js';

export interface Statement {
  /** Prepared once per connection under this name. */
  name: string;
  text: string;
}

/**
 * A connection on which questions do not wait for the answers to earlier ones. A read is a transaction of its own with
 * its own tenant, so what is in flight at the same time stays apart.
 */
export class ReadConnection {
  inFlight = 0;
  private readonly connection: LastingConnection;

  constructor(settings: ClientConfig) {
    this.connection = new LastingConnection({ ...settings, pipeline: true });
  }

  async rows<Row>(tenantId: number, statement: Statement, values: unknown[]): Promise<Row[]> {
    this.inFlight++;
    try {
      const client = await this.connection.get();
      // All three leave at once; a failed select turns the commit into a rollback. The tenant is a checked integer.
      const [, selected] = await Promise.all([
        client.query(`BEGIN READ ONLY; SET LOCAL app.tenant = '${tenantSetting(tenantId)}'`),
        client.query<QueryResultRow & Row>({ ...statement, values }),
        client.query('COMMIT'),
      ]);
      return selected.rows;
    } catch (error) {
      throw databaseRefusal(error);
    } finally {
      this.inFlight--;
    }
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

const connectionsPerDataSource = 2;
const connections = new WeakMap<DataSource, ReadConnection[]>();

/** The few connections that all point reads of a data source share. */
export const readConnectionsOf = (dataSource: DataSource): ReadConnection[] => {
  const existing = connections.get(dataSource);
  if (existing) return existing;
  const settings = clientSettings(dataSource);
  const made = Array.from({ length: connectionsPerDataSource }, () => new ReadConnection(settings));
  connections.set(dataSource, made);
  return made;
};

export const closeReadConnections = async (dataSource: DataSource): Promise<void> => {
  await Promise.all((connections.get(dataSource) ?? []).map((connection) => connection.close()));
  connections.delete(dataSource);
};
