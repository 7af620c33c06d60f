import { hash } from 'node:crypto';
import { type Call, DomainError, type StoredFile } from '@countinghouse/contracts';
import { hasRole, principalOf, Transactions } from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { STORAGE } from '../storage.module.js';
import { reportFileKey } from '../user-reports/report-file-key.js';
import { type GroupedFile, groupsOf } from './grouped-file.js';
import { type LargestGroups, largestGroups } from './largest-groups.js';
import { findStatementFacts, type StatementFacts } from './statement-facts.query.js';
import { pageVersion, statementPdf } from './statement-page.js';

const groupsShown = 8;

/** The one-page statement of a report, made when it is first asked for. */
@Injectable()
export class ReportStatementService {
  constructor(
    private readonly transactions: Transactions,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /** @throws DomainError `not_found`, also for somebody else's report; `conflict` while its files are being made */
  async statement(call: Call, reportId: number): Promise<StoredFile> {
    const { tenantId, ...principal } = principalOf(call);
    const facts = await this.transactions.read(tenantId, (manager) => findStatementFacts(manager, tenantId, reportId));
    if (!facts || (facts.userId !== principal.userId && !hasRole({ tenantId, ...principal }, 'admin'))) {
      throw new DomainError('not_found', 'Report not found');
    }
    if (!facts.hasFiles) {
      throw new DomainError('conflict', 'The files of this report are being made; ask again in a few seconds');
    }
    const storageKey = statementKey(tenantId, facts);
    if (!(await this.storage.exists(storageKey))) {
      await this.storage.put(storageKey, await this.draw(tenantId, facts));
    }
    return { storageKey, fileName: `${facts.id}_statement.pdf` };
  }

  private async draw(tenantId: number, facts: StatementFacts): Promise<Uint8Array> {
    const largest = async (file: GroupedFile): Promise<LargestGroups> => {
      const { stream } = await this.storage.open(reportFileKey(tenantId, facts, 'comma', file));
      return largestGroups(groupsOf(file, stream), groupsShown);
    };
    const [releases, platforms, countries] = await Promise.all([
      largest('releases'),
      largest('platforms'),
      largest('countries'),
    ]);
    return statementPdf(facts, { releases, platforms, countries });
  }
}

/** A statement that says something else has another key, so none is ever written over and any may be kept. */
const statementKey = (tenantId: number, facts: StatementFacts): string => {
  const content = hash('sha256', JSON.stringify({ pageVersion, facts }), 'base64url');
  return `${tenantId}/reports/${facts.id}/${facts.revision}/statement-${content}.pdf`;
};
