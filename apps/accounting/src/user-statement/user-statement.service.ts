import { hash } from 'node:crypto';
import type { Call, StoredFile, UserStatementQuery } from '@countinghouse/contracts';
import { PeopleService } from '@countinghouse/people';
import { principalOf, Transactions } from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import { BalancesService } from '../balances/balances.service.js';
import { STORAGE } from '../storage.module.js';
import { getStatementFacts } from './statement-facts.query.js';
import { pagesVersion, type StatementOf, statementPdf } from './statement-pages.js';

/** Drawn in a quarter of a second, in which nothing else is done; the others are one line with their sum. */
const linesAtMost = 500;

/** The account statement of a person for a month, made when it is first asked for. */
@Injectable()
export class UserStatementService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly balances: BalancesService,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /** @throws DomainError `not_found`, also for somebody else */
  async statement(call: Call, { userId: asked, month }: UserStatementQuery): Promise<StoredFile> {
    const { tenantId } = principalOf(call);
    const userId = await this.balances.requireVisible(call, asked);
    const { name: sender, language, timeZone, currency } = await this.people.tenant(tenantId, call.requestId);
    const of: StatementOf = { sender, language, timeZone, currency, month };
    const facts = await this.transactions.inTenant(tenantId, async (manager) => {
      await this.people.requireUserEver(manager, tenantId, userId, call);
      return getStatementFacts(manager, tenantId, { userId, currency, month, linesAtMost });
    });
    // A statement that says something else has another key, so none is ever written over and any may be kept.
    const content = hash('sha256', JSON.stringify({ pagesVersion, of, facts }), 'base64url');
    const storageKey = `${tenantId}/accounts/${userId}/${month}-${content}.pdf`;
    if (!(await this.storage.exists(storageKey))) await this.storage.put(storageKey, await statementPdf(of, facts));
    return { storageKey, fileName: `account-statement_${month}.pdf` };
  }
}
