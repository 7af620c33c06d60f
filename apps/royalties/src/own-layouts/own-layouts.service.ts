import {
  type Call,
  type CreateLayout,
  DomainError,
  type LayoutPage,
  type ListLayouts,
  type StatementLayout,
} from '@countinghouse/contracts';
import { principalOf, Transactions } from '@countinghouse/service';
import { Injectable } from '@nestjs/common';
import { knownDistributor, knownDistributors, layoutsOf } from '../layouts/index.js';
import type { Layout } from '../layouts/layout.js';
import { layoutProblems } from '../layouts/layout-problems.js';
import {
  countLayouts,
  deleteLayout,
  findLayout,
  insertLayout,
  listLayouts,
  type OwnLayout,
  unfinishedStatement,
} from './own-layout.store.js';

/** How statement files are written: as the product knows it, and as a tenant says for distributors of its own. */
@Injectable()
export class OwnLayoutsService {
  constructor(private readonly transactions: Transactions) {}

  async create(call: Call, { name, layout }: CreateLayout): Promise<StatementLayout> {
    const { tenantId } = principalOf(call);
    requireReadable(layout);
    return this.transactions.run(call, async (manager) => {
      if (knownDistributor(name)) throw new DomainError('conflict', `${name} is built in; choose another name`);
      const made = await insertLayout(manager, tenantId, { name, layout });
      if (!made) throw new DomainError('conflict', `There is a layout ${name} already; delete it first`);
      return ownView({ name, layout });
    });
  }

  /** The built-in ones first, each kind by name. */
  async list(call: Call, { page, size }: ListLayouts): Promise<LayoutPage> {
    const { tenantId } = principalOf(call);
    const builtIn = knownDistributors();
    const offset = (page - 1) * size;
    const first = builtIn.slice(offset, offset + size).map(builtInView);
    return this.transactions.read(tenantId, async (manager) => {
      const total = builtIn.length + (await countLayouts(manager, tenantId));
      const own = await listLayouts(manager, tenantId, size - first.length, Math.max(0, offset - builtIn.length));
      return { items: [...first, ...own.map(ownView)], total, page, totalPages: Math.ceil(total / size) };
    });
  }

  async get(call: Call, name: string): Promise<StatementLayout> {
    if (knownDistributor(name)) return builtInView(name);
    const { tenantId } = principalOf(call);
    const own = await this.transactions.read(tenantId, (manager) => findLayout(manager, tenantId, name));
    if (!own) throw notFound();
    return ownView(own);
  }

  /** What was read by it stays as it is. */
  async delete(call: Call, name: string): Promise<null> {
    const { tenantId } = principalOf(call);
    if (knownDistributor(name)) throw new DomainError('conflict', `${name} is built in; it cannot be deleted`);
    return this.transactions.run(call, async (manager) => {
      if (!(await deleteLayout(manager, tenantId, name))) throw notFound();
      const statement = await unfinishedStatement(manager, tenantId, name);
      if (statement === null) return null;
      throw new DomainError('conflict', `Statement ${statement} is still being read by ${name}; try again afterwards`);
    });
  }
}

const notFound = (): DomainError => new DomainError('not_found', 'Layout not found');

/** More than any file has columns for; a page of layouts still fits into an answer. */
const longestLayout = 64 * 1024;

function requireReadable(layout: unknown): asserts layout is Layout {
  const details = layoutProblems(layout).map(({ field, message }) => {
    const place = ['layout', field].filter(Boolean).join('.');
    return { field: place, message: `${place} ${message}` };
  });
  if (details.length === 0 && JSON.stringify(layout).length > longestLayout) {
    details.push({ field: 'layout', message: `layout must not be longer than ${longestLayout} characters` });
  }
  if (details[0]) throw new DomainError('bad_request', details[0].message, { details });
}

const ownView = ({ name, layout }: OwnLayout): StatementLayout => ({
  name,
  builtIn: false,
  layouts: [layout as unknown as StatementLayout['layouts'][number]],
});

const builtInView = (name: string): StatementLayout => ({
  name,
  builtIn: true,
  layouts: layoutsOf(name).map(
    ({ distributor: _distributor, source: _source, checkedOn: _checkedOn, ...layout }) => layout,
  ),
});
