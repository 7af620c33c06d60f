import { type Call, DomainError, royalties, RoyaltyQuery, type RoyaltyRow } from '@countinghouse/contracts';
import { Answers, hasRole, requireRole, Transactions } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { PeopleService } from '@countinghouse/people';
import { royaltyRows } from './royalty.query.js';

@Controller()
export class RoyaltyHandler {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
  ) {}

  @Answers(royalties.royalty)
  async royalty(@Payload() { userId, groupBy }: RoyaltyQuery, @Ctx() call: Call): Promise<RoyaltyRow[]> {
    const principal = requireRole(call, 'member', 'admin');
    const isAdmin = hasRole(principal, 'admin');
    const whose = userId ?? (isAdmin ? null : principal.userId);
    if (whose === undefined || (!isAdmin && whose !== principal.userId)) {
      throw new DomainError('not_found', 'User not found');
    }
    const { tenantId } = principal;
    return this.transactions.run(call, async (manager) => {
      const rows = await royaltyRows(manager, tenantId, whose, groupBy);
      // A user who is gone keeps what was earned.
      if (rows.length === 0 && whose !== null) await this.people.requireUser(manager, tenantId, whose, call);
      return rows;
    });
  }
}
