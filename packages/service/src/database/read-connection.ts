import { Client, type ClientConfig, type QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import { clientSettings } from './data-source.js';
import { databaseRefusal } from './database-errors.js';
import { tenantSetting } from './tenancy.js';

export interface Statement {
  /** Prepared once per connection under this name. */
  name: string;
  text: string;
}

type Settings = ClientConfig & { pipeline: true };

/**
 * A connection on which questions do not wait for the answers to earlier ones. A read is a transaction of its own with
 * its own tenant, so what is in flight at the same time stays apart.
 */
export class ReadConnection {
  inFlight = 0;
  private connection: Promise<Client> | null = null;

  constructor(private readonly settings: Settings) {}

  async rows<Row>(tenantId: number, statement: Statement, values: unknown[]): Promise<Row[]> {
    this.inFlight++;
    try {
      const client = await this.connected();
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

  async close(): Promise<void> {
    const client = await this.connection?.catch(() => null);
    await client?.end();
  }

  /** A broken connection is forgotten, so the next read makes a new one. */
  private connected(): Promise<Client> {
    if (this.connection) return this.connection;
    const client = new Client(this.settings);
    const connection = client.connect().then(() => client);
    const forget = () => {
      if (this.connection === connection) this.connection = null;
    };
    client.on('error', forget).on('end', forget);
    connection.catch(forget);
    this.connection = connection;
    return connection;
  }
}

const connectionsPerDataSource = 2;
const connections = new WeakMap<DataSource, ReadConnection[]>();

/** The few connections that all point reads of a data source share. */
export const readConnectionsOf = (dataSource: DataSource): ReadConnection[] => {
  const existing = connections.get(dataSource);
  if (existing) return existing;
  const settings: Settings = { ...clientSettings(dataSource), pipeline: true };
  const made = Array.from({ length: connectionsPerDataSource }, () => new ReadConnection(settings));
  connections.set(dataSource, made);
  return made;
};

export const closeReadConnections = async (dataSource: DataSource): Promise<void> => {
  await Promise.all((connections.get(dataSource) ?? []).map((connection) => connection.close()));
  connections.delete(dataSource);
};
