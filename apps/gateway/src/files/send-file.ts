import { DomainError } from '@countinghouse/contracts';
import { ObjectMissing, type ObjectStorage } from '@countinghouse/storage';
import type { FastifyReply } from 'fastify';

const contentTypes: Record<string, string> = {
  csv: 'text/csv; charset=utf-8',
  pdf: 'application/pdf',
};

/** Streams a stored object to the caller, to be saved under a name. */
export async function sendFile(reply: FastifyReply, storage: ObjectStorage, key: string, name: string) {
  const { stream, bytes } = await storage.open(key).catch((error: unknown) => {
    throw error instanceof ObjectMissing ? new DomainError('not_found', 'File not found') : error;
  });
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return reply
    .type(contentTypes[extension] ?? 'application/octet-stream')
    .header('content-length', bytes)
    .header('content-disposition', `attachment; filename="${name.replaceAll(/[^\w. -]/g, '_')}"`)
    .send(stream);
}
