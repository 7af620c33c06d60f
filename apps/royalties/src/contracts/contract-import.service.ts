import { type Call, type ContractsImported, royalties } from '@countinghouse/contracts';
import { Jobs, principalOf, Transactions } from '@countinghouse/service';
import type { ObjectStorage } from '@countinghouse/storage';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { PeopleService } from '@countinghouse/people';
import { unpackedCopy } from '../statements/unpacked-copy.js';
import { STORAGE } from '../storage.module.js';
import { scratch } from '../scratch.js';
import { bumpRevision, findOverlaps, insertContracts, saveKeys } from './contract.store.js';
import { overlapMessage } from './contract-rules.js';
import { readContractsFile } from './contracts-file.js';
import { type GivenContract, givenContracts } from './given-contracts.js';
import { refuseLines } from './line-problems.js';
import { overlapsWithin } from './overlaps-within.js';

/** Contracts by the file: all of its lines or none, in as many SQL statements for one as for a hundred thousand. */
@Injectable()
export class ContractImportService {
  constructor(
    private readonly transactions: Transactions,
    private readonly people: PeopleService,
    private readonly jobs: Jobs,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  async import(call: Call, storageKey: string): Promise<ContractsImported> {
    const { tenantId } = principalOf(call);
    const contracts = await this.read(storageKey);
    const save = async (manager: EntityManager): Promise<ContractsImported> => {
      await this.requireUsers(manager, tenantId, contracts, call);
      await bumpRevision(manager, tenantId);
      await requireNoOverlap(manager, tenantId, contracts);
      const ids = await insertContracts(manager, tenantId, contracts, new Date());
      await saveKeys(manager, tenantId, contracts, ids);
      await this.jobs.send(manager, 'match-suspense', { tenantId }, { subject: `${tenantId}` });
      return { imported: contracts.length };
    };
    return this.transactions.run(call, save, { statementTimeoutMs: royalties.importContracts.deadlineMs });
  }

  private async read(storageKey: string): Promise<GivenContract[]> {
    const source = await this.storage.localCopy(storageKey);
    try {
      const file = await scratch.run('contracts', async (workDir) =>
        readContractsFile(await unpackedCopy(source.path, workDir), workDir),
      );
      const { contracts, problems } = await givenContracts(file.lines);
      refuseLines(
        'bad_request',
        [...file.problems, ...problems].sort((a, b) => a.line - b.line),
      );
      return contracts;
    } finally {
      await source.release();
    }
  }

  private async requireUsers(
    manager: EntityManager,
    tenantId: number,
    contracts: readonly GivenContract[],
    call: Call,
  ): Promise<void> {
    const ids = [...new Set(contracts.map(({ userId }) => userId))];
    const users = await this.people.usersAmong(manager, tenantId, ids, call);
    const missing = contracts.filter(({ userId }) => !users.has(userId));
    refuseLines(
      'not_found',
      missing.map(({ line }) => ({ line, field: 'userId', message: 'User not found' })),
    );
  }
}

/** Whose keys overlap in time: first with each other, then with the contracts that are there. */
async function requireNoOverlap(
  manager: EntityManager,
  tenantId: number,
  contracts: readonly GivenContract[],
): Promise<void> {
  const within = overlapsWithin(contracts).map(({ at, other }) => {
    const { line, scope, match } = contracts[other]!;
    return { line: contracts[at]!.line, message: `line ${line} owns ${scope} "${match}" in an overlapping time` };
  });
  const overlaps = await findOverlaps(manager, tenantId, contracts);
  const withOthers = overlaps.map((other) => {
    const contract = contracts[other.at]!;
    return { line: contract.line, message: overlapMessage(contract, other) };
  });
  refuseLines(
    'conflict',
    [...within, ...withOthers].sort((a, b) => a.line - b.line),
  );
}
