import {
  type Call,
  type Coverage,
  type CoverageQuery,
  type CreateSplit,
  DomainError,
  type ListSplits,
  type MatchSplit,
  type ReplaceSplit,
  type Split,
  type SplitMatch,
  type SplitPage,
  type SplitScope,
  usageTypes,
} from '@countinghouse/contracts';
import { principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { coverageOf } from '../domain/coverage.js';
import { labelKey, readGtin, readIsrc } from '@countinghouse/catalogue';
import { sharesProblem } from '../domain/shares.js';
import { couldTie, type ScopeKey, scopeKeys } from '../domain/split.js';
import { explainMatch } from '../domain/split-match.js';
import { PeopleService } from '@countinghouse/people';
import { RecalculationService } from '../bookkeeping/recalculation.service.js';
import {
  bumpRevision,
  findSplit,
  listSplits,
  ruleOf,
  saveSplit,
  scopeKeyOf,
  splitsNaming,
  splitsOfScope,
  type SplitToSave,
  splitsWithin,
} from './splits.store.js';

/** Splits: each change is followed by another look at what everybody has earned. */
@Injectable()
export class SplitsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly recalculations: RecalculationService,
  ) {}

  create(call: Call, split: CreateSplit): Promise<Split> {
    return this.transactions.run(call, (manager) => this.save(manager, call, { ...split, id: 0 }));
  }

  replace(call: Call, split: ReplaceSplit): Promise<Split> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      await getSplit(manager, tenantId, split.id);
      return this.save(manager, call, split);
    });
  }

  /** It stays on the record, and no longer decides over anything. */
  deactivate(call: Call, id: number): Promise<Split> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      const split = await getSplit(manager, tenantId, id);
      if (!split.active) return split;
      await bumpRevision(manager, tenantId);
      await saveSplit(manager, tenantId, { ...split, active: false }, new Date());
      await this.recalculations.splitsChanged(manager, tenantId);
      return getSplit(manager, tenantId, id);
    });
  }

  get(call: Call, id: number): Promise<Split> {
    const { tenantId } = principalOf(call);
    return this.transactions.read(tenantId, (manager) => getSplit(manager, tenantId, id));
  }

  async list(call: Call, request: ListSplits): Promise<SplitPage> {
    const { tenantId } = principalOf(call);
    const { items, total } = await this.transactions.read(tenantId, (manager) =>
      listSplits(manager, tenantId, request),
    );
    return { items, total, page: request.page, totalPages: Math.ceil(total / request.size) };
  }

  /** Which split would decide over such earnings, and why no other. */
  async match(call: Call, { territory, dsp, usageType, date, ...scope }: MatchSplit): Promise<SplitMatch> {
    const { tenantId } = principalOf(call);
    const keys = keysOf(scope);
    const splits = await this.transactions.read(tenantId, (manager) => splitsWithin(manager, tenantId, keys));
    const place = { territory: territory ?? 'ZZ', dsp: labelKey(dsp ?? ''), usageType: usageType ?? 'other', date };
    const { winner, reason, others } = explainMatch(splits.map(ruleOf), keys, place);
    const byId = new Map(splits.map((split) => [split.id, split]));
    return {
      split: winner === null ? null : byId.get(winner)!,
      reason,
      others: others.map((other) => ({ splitId: other.id, name: byId.get(other.id)!.name, reason: other.reason })),
    };
  }

  async coverage(call: Call, { isrc, upc }: CoverageQuery): Promise<Coverage> {
    if ((isrc === undefined) === (upc === undefined)) throw refusal('isrc', 'Give either isrc or upc');
    const { tenantId } = principalOf(call);
    const key = isrc === undefined ? 'upc' : 'isrc';
    const value = keysOf(isrc === undefined ? { upc: upc! } : { isrc })[key]!;
    const splits = await this.transactions.read(tenantId, (manager) => splitsNaming(manager, tenantId, key, value));
    const byId = new Map(splits.map((split) => [split.id, split]));
    const periods = coverageOf(splits.map(ruleOf));
    return { periods: periods.map(({ ids, ...period }) => ({ ...period, splits: ids.map((id) => byId.get(id)!) })) };
  }

  private async save(manager: EntityManager, call: Call, split: SplitToSave): Promise<Split> {
    const { tenantId } = principalOf(call);
    requireSensible(split);
    const ids = split.shares.map(({ userId }) => userId.toLowerCase());
    const known = await this.people.usersAmong(manager, tenantId, ids, call);
    const unknown = ids.find((id) => !known.has(id));
    if (unknown) throw new DomainError('unprocessable', `User ${unknown} is not of this tenant`);
    await bumpRevision(manager, tenantId);
    if (split.active !== false) await this.requireNoTie(manager, tenantId, split);
    const id = await saveSplit(manager, tenantId, split, new Date());
    await this.recalculations.splitsChanged(manager, tenantId);
    return getSplit(manager, tenantId, id);
  }

  private async requireNoTie(manager: EntityManager, tenantId: number, split: SplitToSave): Promise<void> {
    const rule = ruleOf(split);
    const others = await splitsOfScope(manager, tenantId, rule);
    const rival = others.find((other) => other.id !== split.id && couldTie(ruleOf(other), rule, usageTypes));
    if (!rival) return;
    throw new DomainError(
      'conflict',
      `Split ${rival.id} "${rival.name}" could decide over the same earnings, with nothing to choose between the two; ` +
        'give one of them another start date, scope or conditions',
    );
  }
}

async function getSplit(manager: EntityManager, tenantId: number, id: number): Promise<Split> {
  const split = await findSplit(manager, tenantId, id);
  if (!split) throw new DomainError('not_found', 'Split not found');
  return split;
}

const refusal = (field: string, message: string) =>
  new DomainError('bad_request', message, { details: [{ field, message }] });

function requireSensible({ scope, startDate, endDate, shares, conditions = [] }: SplitToSave): void {
  const wrongShares = sharesProblem(shares);
  if (wrongShares) throw refusal('shares', wrongShares);
  if (startDate && endDate && startDate >= endDate) {
    throw refusal('endDate', `endDate must be after startDate (${startDate}); it is the first day no longer covered`);
  }
  keysOf(scope);
  const empty = conditions.findIndex(({ territories, dsps, usageTypes: uses }) => !territories && !dsps && !uses);
  if (empty >= 0) {
    throw refusal(`conditions.${empty}`, `conditions.${empty} must have territories, dsps or usageTypes`);
  }
}

/** What a scope is compared by; a code or name that no earnings could ever have is refused. */
function keysOf(scope: SplitScope): Partial<Record<ScopeKey, string>> {
  const given = scopeKeys.filter((key) => scope[key] !== undefined);
  if (given.length === 0) throw refusal('scope', `scope must have one of ${scopeKeys.join(', ')}`);
  return Object.fromEntries(given.map((key) => [key, keyOf(key, scope[key]!)]));
}

function keyOf(key: ScopeKey, text: string): string {
  const problem = key === 'isrc' ? readIsrc(text).problem : key === 'upc' ? readGtin(text).problem : undefined;
  const value = scopeKeyOf[key](text);
  if (problem || value === '') throw refusal(`scope.${key}`, `scope.${key} ${problem ?? 'must not be empty'}`);
  return value;
}
