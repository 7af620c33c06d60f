import { DomainError } from '@countinghouse/contracts';
import { type Disposition, downloadHeaders, ObjectMissing, type ObjectStorage } from '@countinghouse/storage';
import type { FastifyReply } from 'fastify';

/** Streams a stored object to the caller, to be saved under a name or shown at once. */
export async function sendFile(
  reply: FastifyReply,
  storage: ObjectStorage,
  key: string,
  name: string,
  disposition: Disposition = 'attachment',
) {
  const { stream, bytes } = await storage.open(key).catch((error: unknown) => {
    throw error instanceof ObjectMissing ? new DomainError('not_found', 'File not found') : error;
  });
  return reply.headers({ ...downloadHeaders(name, disposition), 'content-length': bytes }).send(stream);
}
