import {
  type Balances,
  type BalancesQuery,
  type Call,
  DomainError,
  type StatsQuery,
  type TotalDue,
  type UserStats,
} from '@countinghouse/contracts';
import { hasRole, principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { RecalculationService } from '../bookkeeping/recalculation.service.js';
import { shown } from '../domain/rounding.js';
import { PeopleService, searchText } from '@countinghouse/people';
import { figuresOf, totalBalances, userBalances } from './balances.query.js';
import { royaltySummary } from './royalty-summary.query.js';

/** Who has earned and got how much. Exact in the book, rounded where it is shown; totals are rounded after summing. */
@Injectable()
export class BalancesService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly recalculations: RecalculationService,
  ) {}

  async stats(call: Call, { userId: asked, include, forceRefresh }: StatsQuery): Promise<UserStats> {
    const { tenantId } = principalOf(call);
    const userId = await this.requireVisible(call, asked);
    if (forceRefresh) await this.recalculations.now(tenantId, userId);
    const { currency } = await this.people.tenant(tenantId, call.requestId);
    return this.transactions.read(tenantId, async (manager) => {
      const { gross, net, paid, due } = await figuresOf(manager, tenantId, userId);
      return {
        Royalty_Share: shown(gross, currency),
        net: shown(net, currency),
        paid: shown(paid, currency),
        due: shown(due, currency),
        ...(include && { royaltySummary: await royaltySummary(manager, tenantId, userId, currency) }),
      };
    });
  }

  async current(call: Call, { q, page, size, sort, order }: BalancesQuery): Promise<Balances> {
    const { tenantId } = principalOf(call);
    const { currency } = await this.people.tenant(tenantId, call.requestId);
    const search = q === undefined || q.trim() === '' ? null : searchText(q.trim());
    const { rows, total } = await this.transactions.read(tenantId, (manager) =>
      userBalances(manager, tenantId, { search, sort, order, page, size }),
    );
    return {
      message: 'success',
      Users: rows.map(({ userId, firstName, lastName, email, gross, net, paid, due, paymentRequestId }) => ({
        id: userId,
        firstName,
        lastName,
        fullName: `${firstName} ${lastName}`.trim(),
        email,
        TenantUserId: userId,
        Gross: shown(gross, currency),
        Net: shown(net, currency),
        Paid: shown(paid, currency),
        Due: shown(due, currency),
        paymentRequested: paymentRequestId !== null,
        paymentRequestId,
      })),
      totalUsers: total,
      page,
      totalPages: Math.ceil(total / size),
    };
  }

  async total(call: Call): Promise<TotalDue> {
    const { tenantId } = principalOf(call);
    const { currency } = await this.people.tenant(tenantId, call.requestId);
    const totals = await this.transactions.read(tenantId, (manager) => totalBalances(manager, tenantId));
    return {
      message: 'success',
      totalGross: shown(totals.gross, currency),
      totalNet: shown(totals.net, currency),
      totalPaid: shown(totals.paid, currency),
      totalDue: shown(totals.due, currency),
      userCount: totals.users,
    };
  }

  /**
   * Members see themselves, admins whoever is or was a user of the tenant. Answers the id as it is kept.
   *
   * @throws DomainError not_found
   */
  async requireVisible(call: Call, asked: string): Promise<string> {
    const principal = principalOf(call);
    const userId = asked.toLowerCase();
    if (principal.userId === userId) return userId;
    if (!hasRole(principal, 'admin')) throw new DomainError('not_found', 'User not found');
    const { tenantId } = principal;
    await this.transactions.inTenant(tenantId, (manager) =>
      this.people.requireUserEver(manager, tenantId, userId, call),
    );
    return userId;
  }
}
