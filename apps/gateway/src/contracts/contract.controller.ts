import { type Call, ContractId, CreateContract, ListContracts, royalties } from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Asks } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { ContractChanges } from './contract.dto.js';

@ApiTags('Royalty contracts')
@Controller('royalties/contracts')
export class ContractController {
  constructor(private readonly bus: Bus) {}

  /** Says who owns a label, release or track and which share of its net is theirs. */
  @Post()
  @Asks(royalties.createContract, { roles: ['admin'], status: 201 })
  create(@Body() contract: CreateContract, @Caller() call: Call) {
    return this.bus.askForReply(royalties.createContract, contract, call);
  }

  /** The tenant's contracts. */
  @Get()
  @Asks(royalties.listContracts, { roles: ['admin'] })
  list(@Query() filter: ListContracts, @Caller() call: Call) {
    return this.bus.askForReply(royalties.listContracts, filter, call);
  }

  /** One contract. */
  @Get(':id')
  @Asks(royalties.getContract, { roles: ['admin'] })
  get(@Param() contract: ContractId, @Caller() call: Call) {
    return this.bus.askForReply(royalties.getContract, contract, call);
  }

  /** Changes a contract. Lines that are booked already stay as they are. */
  @Patch(':id')
  @Asks(royalties.updateContract, { roles: ['admin'] })
  update(@Param() { id }: ContractId, @Body() changes: ContractChanges, @Caller() call: Call) {
    return this.bus.askForReply(royalties.updateContract, { ...changes, id }, call);
  }

  /** Removes a contract. Lines that are booked already stay as they are. */
  @Delete(':id')
  @Asks(royalties.deleteContract, { roles: ['admin'] })
  delete(@Param() contract: ContractId, @Caller() call: Call) {
    return this.bus.askForReply(royalties.deleteContract, contract, call);
  }
}
