import {
  type Call,
  type Contract,
  ContractId,
  type ContractPage,
  type ContractsImported,
  CreateContract,
  ImportContracts,
  ListContracts,
  royalties,
  UpdateContract,
} from '@countinghouse/contracts';
import { Answers, requireRole } from '@countinghouse/service';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ContractImportService } from './contract-import.service.js';
import { ContractsService } from './contracts.service.js';

@Controller()
export class ContractsHandler {
  constructor(
    private readonly contracts: ContractsService,
    private readonly imports: ContractImportService,
  ) {}

  @Answers(royalties.createContract)
  create(@Payload() request: CreateContract, @Ctx() call: Call): Promise<Contract> {
    requireRole(call, 'admin');
    return this.contracts.create(call, request);
  }

  @Answers(royalties.importContracts)
  import(@Payload() { storageKey }: ImportContracts, @Ctx() call: Call): Promise<ContractsImported> {
    requireRole(call, 'admin');
    return this.imports.import(call, storageKey);
  }

  @Answers(royalties.getContract)
  get(@Payload() { id }: ContractId, @Ctx() call: Call): Promise<Contract> {
    requireRole(call, 'admin');
    return this.contracts.get(call, id);
  }

  @Answers(royalties.listContracts)
  list(@Payload() request: ListContracts, @Ctx() call: Call): Promise<ContractPage> {
    requireRole(call, 'admin');
    return this.contracts.list(call, request);
  }

  @Answers(royalties.updateContract)
  update(@Payload() request: UpdateContract, @Ctx() call: Call): Promise<Contract> {
    requireRole(call, 'admin');
    return this.contracts.update(call, request);
  }

  @Answers(royalties.deleteContract)
  delete(@Payload() { id }: ContractId, @Ctx() call: Call): Promise<null> {
    requireRole(call, 'admin');
    return this.contracts.delete(call, id);
  }
}
