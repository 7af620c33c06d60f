import { DomainError } from '@countinghouse/contracts';
import type { EntityManager } from 'typeorm';
import { knownDistributor, knownDistributors, layoutsOf } from '../layouts/index.js';
import type { Layout } from '../layouts/layout.js';
import { findLayout, listLayouts } from './own-layout.store.js';

/** The layouts that a tenant's files of this distributor may have; none for a distributor that nobody has described. */
export async function layoutsFor(manager: EntityManager, tenantId: number, distributor: string): Promise<Layout[]> {
  if (knownDistributor(distributor)) return layoutsOf(distributor);
  const own = await findLayout(manager, tenantId, distributor);
  return own ? [own.layout] : [];
}

const namesShown = 100;

/** @throws DomainError `bad_request` that says which distributors' files the tenant can send */
export async function requireDistributor(manager: EntityManager, tenantId: number, distributor: string): Promise<void> {
  if (knownDistributor(distributor) || (await findLayout(manager, tenantId, distributor))) return;
  const own = await listLayouts(manager, tenantId, namesShown, 0);
  const names = [...knownDistributors(), ...own.map(({ name }) => name)];
  const message = `distributor must be one of ${names.join(', ')}`;
  throw new DomainError('bad_request', message, { details: [{ field: 'distributor', message }] });
}

/** Whether the tenant has anything to do with the distributor: a layout for its files, or reports from before. */
export async function isDistributor(manager: EntityManager, tenantId: number, name: string): Promise<boolean> {
  if (knownDistributor(name)) return true;
  const [row] = await manager.query(
    `SELECT EXISTS (SELECT FROM layout WHERE tenant_id = $1 AND name = $2)
         OR EXISTS (SELECT FROM user_report WHERE tenant_id = $1 AND distributor = $2) AS known`,
    [tenantId, name],
  );
  return row.known;
}
