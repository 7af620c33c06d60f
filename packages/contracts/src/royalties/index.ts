import { operation } from '../operation.js';
import * as dto from './royalties.dto.js';

export * from './royalties.dto.js';

export const royalties = {
  currentReports: operation('royalties.user-report.current', { request: dto.ReportsOfUser, reply: [dto.UserReport] }),
  downloadOptions: operation('royalties.user-report.download-options', {
    request: dto.ReportFiles,
    reply: dto.DownloadOptions,
    errors: ['not_found'],
  }),

  registerStatement: operation('royalties.statement.register', {
    request: dto.RegisterStatement,
    reply: dto.StatementReceipt,
    errors: ['conflict'],
  }),
  getStatement: operation('royalties.statement.get', {
    request: dto.StatementId,
    reply: dto.Statement,
    errors: ['not_found'],
  }),
  listStatements: operation('royalties.statement.list', { request: dto.ListStatements, reply: dto.StatementPage }),
  rejectedLines: operation('royalties.statement.rejected', {
    request: dto.StatementId,
    reply: dto.StoredFile,
    errors: ['not_found', 'conflict'],
  }),
  unmatchedLabels: operation('royalties.statement.unmatched', {
    request: dto.StatementId,
    reply: [dto.UnmatchedLabel],
    errors: ['not_found'],
  }),

  createContract: operation('royalties.contract.create', {
    request: dto.CreateContract,
    reply: dto.Contract,
    errors: ['not_found', 'conflict'],
  }),
  getContract: operation('royalties.contract.get', {
    request: dto.ContractId,
    reply: dto.Contract,
    errors: ['not_found'],
  }),
  listContracts: operation('royalties.contract.list', { request: dto.ListContracts, reply: dto.ContractPage }),
  updateContract: operation('royalties.contract.update', {
    request: dto.UpdateContract,
    reply: dto.Contract,
    errors: ['not_found', 'conflict'],
  }),
  deleteContract: operation('royalties.contract.delete', {
    request: dto.ContractId,
    reply: null,
    errors: ['not_found'],
  }),
};
