import {
  accounting,
  type Call,
  OfUser,
  type TransactionPosition,
  type TransactionsExport,
  TransactionsFilter,
} from '@countinghouse/contracts';
import { Bus } from '@countinghouse/service/process';
import { downloadHeaders, type ObjectStorage } from '@countinghouse/storage';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { sendFile } from '../files/send-file.js';
import { STORAGE } from '../files/storage.js';
import { etagOf, isKnown } from '../http/answer.js';
import { Serves } from '../http/asks.js';
import { Caller } from '../http/caller.js';
import { StatementMonth } from './accounting.dto.js';

@ApiTags('Accounting')
@Controller('accounting')
export class AccountingFileController {
  constructor(
    private readonly bus: Bus,
    @Inject(STORAGE) private readonly storage: ObjectStorage,
  ) {}

  /**
   * All transactions as CSV, newest first, with the filters of the list: Id, Type, Date, Title, Amount, Currency,
   * Status, User, E-mail and Memo. Amounts have all their digits, so that a sum of the column is exact; the list rounds
   * them to the currency's minor unit. It may lack what is entered while it is being read.
   */
  @Get('transactions.csv')
  @Serves({ roles: ['admin'], load: 'long' }, { status: 200, contentType: 'text/csv' })
  async transactions(@Query() filter: TransactionsFilter, @Caller() call: Call, @Res() reply: FastifyReply) {
    const ask = (after?: TransactionPosition) =>
      this.bus.ask(accounting.exportTransactions, { ...filter, ...(after && { after }) }, call);
    // Asked before anything is sent, so that a refusal is answered as one.
    const first = await ask();
    return reply.headers(downloadHeaders('transactions.csv')).send(Readable.from(csvOf(first, ask)));
  }

  /**
   * What changed in a month in what a person is due, as pages to read and to print: where it began, every change and
   * its source, where it ended, and what was earned, recouped and paid, in the tenant's language. Members have their
   * own.
   */
  @Get(':userId/statement.pdf')
  @Serves(
    { roles: ['member', 'admin'], etag: true, load: 'long' },
    { status: 200, contentType: 'application/pdf', errors: ['not_found'] },
  )
  async statement(
    @Param() user: OfUser,
    @Query() { month }: StatementMonth,
    @Caller() call: Call,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    const { storageKey, fileName } = await this.bus.ask(accounting.userStatement, { ...user, month }, call);
    // A statement that says anything else lies under another key.
    if (isKnown(request, reply, etagOf(storageKey))) return reply.send();
    return sendFile(reply, this.storage, storageKey, fileName, 'inline');
  }
}

/** One message after the other, as quickly as the caller reads; a file that breaks off ends without its end. */
async function* csvOf(
  first: TransactionsExport,
  ask: (after: TransactionPosition) => Promise<TransactionsExport>,
): AsyncGenerator<string> {
  for (let { csv, next } = first; ; { csv, next } = await ask(next)) {
    yield csv;
    if (!next) return;
  }
}
