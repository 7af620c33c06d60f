import {
  type Call,
  type Contract,
  type ContractPage,
  type CreateContract,
  DomainError,
  type ListContracts,
  type UpdateContract,
} from '@countinghouse/contracts';
import { Jobs, principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PeopleService } from '@countinghouse/people';
import { ContractEntity } from './contract.entity.js';
import { bumpRevision, findOverlaps, saveKeys } from './contract.store.js';
import { contractProblems, overlapMessage, termsOf } from './contract-rules.js';

/** Contracts: each change is followed by another look at the lines that nobody owned. */
@Injectable()
export class ContractsService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly jobs: Jobs,
  ) {}

  async create(call: Call, request: CreateContract): Promise<Contract> {
    const { tenantId } = principalOf(call);
    return this.transactions.run(call, async (manager) => {
      const contract = manager.create(ContractEntity, { ...termsOf(request), tenantId, createdAt: new Date() });
      requireSensible(contract);
      await this.people.requireUser(manager, tenantId, request.userId, call);
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
      requireSensible(contract);
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
    const { tenantId } = contract;
    await manager.save(ContractEntity, contract);
    await bumpRevision(manager, tenantId);
    const [other] = await findOverlaps(manager, tenantId, [contract]);
    if (other) throw new DomainError('conflict', overlapMessage(contract, other));
    await saveKeys(manager, tenantId, [contract], [contract.id]);
    await this.jobs.send(manager, 'match-suspense', { tenantId }, { subject: `${tenantId}` });
  }
}

function requireSensible(contract: ContractEntity): void {
  const details = contractProblems(contract);
  if (details[0]) throw new DomainError('bad_request', details[0].message, { details });
}

async function load(manager: EntityManager, tenantId: number, id: number, lock = false): Promise<ContractEntity> {
  const contract = await manager.findOne(ContractEntity, {
    where: { tenantId, id },
    ...(lock && { lock: { mode: 'pessimistic_write' } }),
  });
  if (!contract) throw new DomainError('not_found', 'Contract not found');
  return contract;
}

const contractOf = (contract: ContractEntity): Contract => ({
  id: contract.id,
  userId: contract.userId,
  scope: contract.scope,
  match: contract.match,
  aliases: contract.aliases,
  sharePercent: contract.sharePercent,
  from: contract.from,
  to: contract.until,
  createdAt: contract.createdAt.toISOString(),
});
