import {
  type Call,
  type Contract,
  type ContractPage,
  type ContractScope,
  type CreateContract,
  DomainError,
  type ListContracts,
  type UpdateContract,
} from '@countinghouse/contracts';
import { isMonth } from '@countinghouse/calendar';
import { Jobs, principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { readGtin } from '../domain/gtin.js';
import { readIsrc } from '../domain/isrc.js';
import { labelKey, matchingKeys } from '../domain/matching-key.js';
import type { Reading } from '../domain/reading.js';
import { PeopleService } from '../people/people.service.js';
import { ContractEntity } from './contract.entity.js';
import { bumpRevision, findOverlap, saveKeys } from './contract-key.store.js';

/** Contracts: each change is followed by another look at the lines that nobody owned. */
@Injectable()
export class ContractsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly jobs: Jobs,
  ) {}

  async create(call: Call, { to, from, aliases, ...terms }: CreateContract): Promise<Contract> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      await this.people.requireUser(manager, tenantId, terms.userId, call);
      const contract = manager.create(ContractEntity, {
        ...terms,
        tenantId,
        aliases: aliases ?? [],
        from: from ?? null,
        until: to ?? null,
        createdAt: new Date(),
      });
      await this.save(manager, contract);
      return contractOf(contract);
    });
  }

  async update(call: Call, { id, to, ...changes }: UpdateContract): Promise<Contract> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      const contract = await load(manager, tenantId, id, true);
      for (const [field, value] of Object.entries({ ...changes, until: to })) {
        if (value !== undefined) Object.assign(contract, { [field]: value });
      }
      await manager.query(`DELETE FROM contract_key WHERE tenant_id = $1 AND contract_id = $2`, [tenantId, id]);
      await this.save(manager, contract);
      return contractOf(contract);
    });
  }

  /** Lines that were booked stay as they are. */
  async delete(call: Call, id: number): Promise<null> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      await load(manager, tenantId, id, true);
      await bumpRevision(manager, tenantId);
      await manager.delete(ContractEntity, { tenantId, id });
      return null;
    });
  }

  async get(call: Call, id: number): Promise<Contract> {
    const { tenantId } = principalOf(call);
    return this.transactions.read(tenantId, async (manager) => contractOf(await load(manager, tenantId, id)));
  }

  async list(call: Call, { page, size, ...filter }: ListContracts): Promise<ContractPage> {
    const { tenantId } = principalOf(call);
    return this.transactions.read(tenantId, async (manager) => {
      const [contracts, total] = await manager.findAndCount(ContractEntity, {
        where: { tenantId, ...filter },
        order: { id: 'ASC' },
        skip: (page - 1) * size,
        take: size,
      });
      return { items: contracts.map(contractOf), total, page, totalPages: Math.ceil(total / size) };
    });
  }

  /** Claims what the contract matches by, or refuses with the contract that has it already. */
  private async save(manager: EntityManager, contract: ContractEntity): Promise<void> {
    const { tenantId, scope } = contract;
    requireOrder(contract);
    const keys = keysOf(contract);
    await manager.save(ContractEntity, contract);
    await bumpRevision(manager, tenantId);
    const other = await findOverlap(manager, contract, keys);
    if (other) {
      throw new DomainError(
        'conflict',
        `Contract ${other.id} owns ${scope} "${other.match}" in an overlapping time; end it first or choose other months`,
      );
    }
    await saveKeys(manager, contract, keys);
    await this.jobs.send(manager, 'match-suspense', { tenantId }, { subject: `${tenantId}` });
  }
}

async function load(manager: EntityManager, tenantId: number, id: number, lock = false): Promise<ContractEntity> {
  const contract = await manager.findOne(ContractEntity, {
    where: { tenantId, id },
    ...(lock && { lock: { mode: 'pessimistic_write' } }),
  });
  if (!contract) throw new DomainError('not_found', 'Contract not found');
  return contract;
}

/** What the contract owns; a code or name that no line could ever have is refused. */
function keysOf({ scope, match, aliases }: ContractEntity): string[] {
  requireReadable(scope, 'match', match);
  for (const [at, alias] of aliases.entries()) requireReadable(scope, `aliases.${at}`, alias);
  return matchingKeys(scope, [match, ...aliases]);
}

function requireReadable(scope: ContractScope, field: string, text: string): void {
  const { value, problem = 'must not be empty' } = readers[scope](text);
  if (value) return;
  const message = `${field} ${problem}`;
  throw new DomainError('bad_request', message, { details: [{ field, message }] });
}

const readers: Record<ContractScope, (text: string) => Reading> = {
  track: readIsrc,
  release: readGtin,
  label: (text) => ({ value: labelKey(text) }),
};

function requireOrder({ from, until }: ContractEntity): void {
  if (isMonth(from) && isMonth(until) && from >= until) {
    const message = `to must be a month after from (${from}); it is the first month that is no longer covered`;
    throw new DomainError('bad_request', message, { details: [{ field: 'to', message }] });
  }
}

const contractOf = ({ tenantId: _tenantId, until, createdAt, ...contract }: ContractEntity): Contract => ({
  ...contract,
  to: until,
  createdAt: createdAt.toISOString(),
});
