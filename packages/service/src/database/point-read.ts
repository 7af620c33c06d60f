import { createHash } from 'node:crypto';
import { DomainError } from '@countinghouse/contracts';
import type { DataSource } from 'typeorm';
import { readConnectionsOf, type ReadConnection, type Statement } from './read-connection.js';

type Id = string | number;

interface Waiting<Row> {
  resolve: (row: Row | null) => void;
  reject: (error: unknown) => void;
}

/** The ids of one tenant that will be asked for together. */
type Batch<Row> = Map<Id, Waiting<Row>[]>;

const maxInFlight = 6;

/**
 * Hot reads of single rows by id: what is asked within a tick, or while the connections are busy, goes to PostgreSQL as
 * one `= ANY($1)` per tenant. Row-level security applies, with the tenant set for just that batch.
 *
 * @example
 * const users = new PointRead<UserRow>(dataSource, `SELECT id, email FROM app_user WHERE tenant_id = current_tenant() AND id = ANY($1)`);
 * await users.find(7, '01999…'); // { id: '01999…', email: '…' } or null
 */
export class PointRead<Row extends { id: Id }> {
  private readonly statement: Statement;
  private readonly connections: ReadConnection[];
  private readonly waiting = new Map<number, Batch<Row>>();
  private scheduled = false;
  private inFlight = 0;

  /** `sql` takes the ids as its only parameter and selects a column `id`. */
  constructor(dataSource: DataSource, sql: string) {
    this.statement = { name: createHash('sha256').update(sql).digest('base64url'), text: sql };
    this.connections = readConnectionsOf(dataSource);
  }

  find(tenantId: number, anyCaseId: Row['id']): Promise<Row | null> {
    const id = canonical(anyCaseId);
    return new Promise((resolve, reject) => {
      let batch = this.waiting.get(tenantId);
      if (!batch) this.waiting.set(tenantId, (batch = new Map()));
      const others = batch.get(id);
      if (others) others.push({ resolve, reject });
      else batch.set(id, [{ resolve, reject }]);
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.send();
    });
  }

  private send(): void {
    for (const [tenantId, batch] of this.waiting) {
      // Busy: gather further, and go on when an answer comes back.
      if (this.inFlight >= maxInFlight) return;
      this.waiting.delete(tenantId);
      void this.answer(tenantId, batch);
    }
  }

  private async answer(tenantId: number, batch: Batch<Row>): Promise<void> {
    this.inFlight++;
    try {
      const connection = this.connections.reduce((a, b) => (b.inFlight < a.inFlight ? b : a));
      const rows = await connection.rows<Row>(tenantId, this.statement, [[...batch.keys()]]);
      const found = new Map(rows.map((row) => [row.id, row]));
      for (const [id, askers] of batch) for (const { resolve } of askers) resolve(found.get(id) ?? null);
    } catch (error) {
      if (batch.size === 1 || error instanceof DomainError) {
        for (const askers of batch.values()) for (const { reject } of askers) reject(error);
      } else {
        // An id that PostgreSQL cannot read, such as no uuid, fails for who asked for it and for nobody else.
        for (const [id, askers] of batch) void this.answer(tenantId, new Map([[id, askers]]));
      }
    } finally {
      this.inFlight--;
      if (this.waiting.size > 0) this.schedule();
    }
  }
}

/** PostgreSQL reads a uuid in any case and writes it in lower case. */
const canonical = (id: Id): Id => (typeof id === 'string' && uuid.test(id) ? id.toLowerCase() : id);

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
