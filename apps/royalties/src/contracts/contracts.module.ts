import { Module } from '@nestjs/common';
import { PeopleModule } from '@countinghouse/people';
import { ContractImportService } from './contract-import.service.js';
import { ContractsHandler } from './contracts.handler.js';
import { ContractsService } from './contracts.service.js';

@Module({
  imports: [PeopleModule],
  controllers: [ContractsHandler],
  providers: [ContractsService, ContractImportService],
})
export class ContractsModule {}
