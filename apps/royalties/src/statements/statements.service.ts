import {
  type Call,
  DomainError,
  type ListStatements,
  type RegisterStatement,
  type Statement,
  type StatementPage,
  type StatementReceipt,
  type StoredFile,
  type UnmatchedLabel,
  type VoidStatement,
} from '@countinghouse/contracts';
import { Jobs, PointRead, principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { lockRevision } from '../booking/contract-terms.query.js';
import { VoidingService } from '../booking/voiding.service.js';
import { requireDistributor } from '../own-layouts/distributors.js';
import { StatementEntity } from './statement.entity.js';
import {
  findLive,
  statementById,
  statementColumns,
  type StatementRow,
  statementOf,
  unmatchedLabels,
} from './statement.queries.js';

/** Statements as the back office sees them; the work on them is `StatementJob`'s. */
@Injectable()
export class StatementsService {
  private readonly rows: PointRead<StatementRow>;

  constructor(
    dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly jobs: Jobs,
    private readonly voiding: VoidingService,
  ) {
    this.rows = new PointRead(dataSource, statementById);
  }

  /** A file becomes a statement; the very same file for the same month is the statement that is there already. */
  async register(call: Call, request: RegisterStatement): Promise<StatementReceipt> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      await requireDistributor(manager, tenantId, request.distributor);
      await lockMonth(manager, tenantId, request);
      const live = await findLive(manager, tenantId, request);
      const same = live.find(({ sha256 }) => sha256 === request.sha256);
      if (same) return receiptOf(same, true);
      if (live.length > 0 && !request.mode) throw new DomainError('conflict', conflictMessage(request, live));
      const statement = await manager.save(StatementEntity, newStatement(tenantId, request));
      await this.jobs.send(
        manager,
        'statement',
        { tenantId, statementId: statement.id },
        { subject: `${statement.id}` },
      );
      return receiptOf(statement, false);
    });
  }

  /** Takes the statement back, wherever it had effect; its jobs end by themselves. */
  async void(call: Call, { id, reason }: VoidStatement): Promise<Statement> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      await lockRevision(manager, tenantId);
      const voided = await this.voiding.void(manager, tenantId, id, reason);
      const [row]: StatementRow[] = await manager.query(statementById, [[id]]);
      if (!row) throw new DomainError('not_found', 'Statement not found');
      if (!voided) throw new DomainError('conflict', notLiveMessage(row));
      return statementOf(row);
    });
  }

  async get(call: Call, id: number): Promise<Statement> {
    return statementOf(await this.row(call, id));
  }

  async list(call: Call, { page, size, ...filter }: ListStatements): Promise<StatementPage> {
    const { tenantId } = principalOf(call);
    return this.transactions.read(tenantId, async (manager) => {
      const where = `tenant_id = $1 AND ($2::text IS NULL OR distributor = $2)
        AND ($3::text IS NULL OR reporting_month = $3) AND ($4::text IS NULL OR state = $4)`;
      const values = [tenantId, filter.distributor ?? null, filter.reportingMonth ?? null, filter.state ?? null];
      const [{ total }] = await manager.query(`SELECT count(*) AS total FROM statement WHERE ${where}`, values);
      const rows: StatementRow[] = await manager.query(
        `SELECT ${statementColumns} FROM statement WHERE ${where} ORDER BY id DESC LIMIT $5 OFFSET $6`,
        [...values, size, (page - 1) * size],
      );
      return { items: rows.map(statementOf), total, page, totalPages: Math.ceil(total / size) };
    });
  }

  async rejected(call: Call, id: number): Promise<StoredFile> {
    const { rejected_key: storageKey, state } = await this.row(call, id);
    if (!storageKey) throw new DomainError('conflict', `The statement is ${state}; its lines have not been checked`);
    return { storageKey, fileName: `${id}_rejected.csv` };
  }

  /** What nobody owns, by label, largest net first. */
  async unmatched(call: Call, id: number): Promise<UnmatchedLabel[]> {
    const { tenantId } = principalOf(call);
    await this.row(call, id);
    return this.transactions.read(tenantId, (manager) => manager.query(unmatchedLabels, [tenantId, id]));
  }

  private async row(call: Call, id: number): Promise<StatementRow> {
    const row = await this.rows.find(principalOf(call).tenantId, id);
    if (!row) throw new DomainError('not_found', 'Statement not found');
    return row;
  }
}

/** Uploads for one month are decided one after the other. */
const lockMonth = (manager: EntityManager, tenantId: number, { distributor, reportingMonth }: RegisterStatement) =>
  manager.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
    `statement ${tenantId} ${distributor} ${reportingMonth}`,
  ]);

function conflictMessage({ distributor, reportingMonth }: RegisterStatement, live: { id: number }[]): string {
  const ids = live.map(({ id }) => id).join(', ');
  const here = live.length === 1 ? `Statement ${ids} is` : `Statements ${ids} are`;
  return (
    `${here} here already for ${distributor} ${reportingMonth}, with other content: ` +
    `upload this file with mode=supplement to add it to what is there, or with mode=replace to put it in its place`
  );
}

const notLiveMessage = ({ id, state, void_reason: reason }: StatementRow): string =>
  state === 'voided'
    ? `Statement ${id} is voided already: ${reason}`
    : `Statement ${id} failed and had no effect, so there is nothing to take back`;

const newStatement = (tenantId: number, request: RegisterStatement): Partial<StatementEntity> => ({
  tenantId,
  distributor: request.distributor,
  reportingMonth: request.reportingMonth,
  declaredCurrency: request.currency ?? null,
  declaredDecimal: request.decimal ?? null,
  mode: request.mode ?? null,
  declaredTotal: request.declaredTotal ?? null,
  sourceKey: request.storageKey,
  sha256: request.sha256,
  bytes: request.bytes,
  state: 'received',
  createdAt: new Date(),
});

type Received = Pick<StatementEntity, 'id' | 'distributor' | 'reportingMonth' | 'state' | 'sha256' | 'bytes'>;

const receiptOf = ({ id, distributor, reportingMonth, state, sha256, bytes }: Received, duplicate: boolean) => ({
  id,
  distributor,
  reportingMonth,
  state,
  sha256,
  bytes,
  duplicate,
});
