import { fact } from '../fact.js';
import { Nothing, operation } from '../operation.js';
import { StoredFile } from '../stored-file.dto.js';
import * as contracts from './contracts.dto.js';
import * as facts from './facts.dto.js';
import * as layouts from './layouts.dto.js';
import * as statements from './statements.dto.js';
import * as statistics from './statistics.dto.js';
import * as reports from './user-reports.dto.js';

export * from './contracts.dto.js';
export * from './earnings-file.js';
export * from './facts.dto.js';
export * from './layouts.dto.js';
export * from './statements.dto.js';
export * from './statistics.dto.js';
export * from './user-reports.dto.js';

export const royalties = {
  currentReports: operation('royalties.user-report.current', {
    request: reports.ReportsOfUser,
    reply: [reports.UserReport],
  }),
  downloadOptions: operation('royalties.user-report.download-options', {
    request: reports.ReportFiles,
    reply: reports.DownloadOptions,
    errors: ['not_found'],
  }),
  cancelReport: operation('royalties.user-report.cancel', {
    request: reports.CancelReport,
    reply: reports.UserReport,
    errors: ['not_found', 'conflict'],
  }),
  findReports: operation('royalties.user-report.find', {
    request: reports.FindReports,
    reply: [reports.ReportState],
  }),
  /** By month and currency, whatever their state; for accounting, which must come to the same. */
  reportTotals: operation('royalties.user-report.totals', { request: Nothing, reply: [reports.ReportTotal] }),
  reportStatement: operation('royalties.user-report.statement', {
    request: reports.ReportId,
    reply: StoredFile,
    errors: ['not_found', 'conflict'],
    // It reads the report's grouped files: of an owner with a million releases, for seconds.
    deadlineMs: 30_000,
  }),

  registerStatement: operation('royalties.statement.register', {
    request: statements.RegisterStatement,
    reply: statements.StatementReceipt,
    errors: ['conflict'],
  }),
  getStatement: operation('royalties.statement.get', {
    request: statements.StatementId,
    reply: statements.Statement,
    errors: ['not_found'],
  }),
  listStatements: operation('royalties.statement.list', {
    request: statements.ListStatements,
    reply: statements.StatementPage,
  }),
  voidStatement: operation('royalties.statement.void', {
    request: statements.VoidStatement,
    reply: statements.Statement,
    errors: ['not_found', 'conflict'],
  }),
  rejectedLines: operation('royalties.statement.rejected', {
    request: statements.StatementId,
    reply: StoredFile,
    errors: ['not_found', 'conflict'],
  }),
  unmatchedLabels: operation('royalties.statement.unmatched', {
    request: statements.StatementId,
    reply: [statements.UnmatchedLabel],
    errors: ['not_found'],
  }),

  createContract: operation('royalties.contract.create', {
    request: contracts.CreateContract,
    reply: contracts.Contract,
    errors: ['not_found', 'conflict'],
  }),
  importContracts: operation('royalties.contract.import', {
    request: contracts.ImportContracts,
    reply: contracts.ContractsImported,
    errors: ['not_found', 'conflict'],
    deadlineMs: 50_000,
  }),
  getContract: operation('royalties.contract.get', {
    request: contracts.ContractId,
    reply: contracts.Contract,
    errors: ['not_found'],
  }),
  listContracts: operation('royalties.contract.list', {
    request: contracts.ListContracts,
    reply: contracts.ContractPage,
  }),
  updateContract: operation('royalties.contract.update', {
    request: contracts.UpdateContract,
    reply: contracts.Contract,
    errors: ['not_found', 'conflict'],
  }),
  deleteContract: operation('royalties.contract.delete', {
    request: contracts.ContractId,
    reply: null,
    errors: ['not_found'],
  }),

  createLayout: operation('royalties.layout.create', {
    request: layouts.CreateLayout,
    reply: layouts.StatementLayout,
    errors: ['conflict'],
  }),
  listLayouts: operation('royalties.layout.list', { request: layouts.ListLayouts, reply: layouts.LayoutPage }),
  getLayout: operation('royalties.layout.get', {
    request: layouts.LayoutName,
    reply: layouts.StatementLayout,
    errors: ['not_found'],
  }),
  deleteLayout: operation('royalties.layout.delete', {
    request: layouts.LayoutName,
    reply: null,
    errors: ['not_found', 'conflict'],
  }),

  royalty: operation('royalties.royalty.list', {
    request: statistics.RoyaltyQuery,
    reply: [statistics.RoyaltyRow],
    errors: ['not_found'],
  }),
};

export const royaltiesFacts = {
  earningsPublished: fact('royalties.earnings.published', facts.EarningsPublished),
  earningsWithdrawn: fact('royalties.earnings.withdrawn', facts.EarningsWithdrawn),
  statementCompleted: fact('royalties.statement.completed', facts.StatementCompleted),
  statementVoided: fact('royalties.statement.voided', facts.StatementVoided),
};
