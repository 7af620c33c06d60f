import { ClientCredentials, DomainError } from '@countinghouse/contracts';
import { validated } from '@countinghouse/service/process';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { formObject } from '../http/body.js';

/** Who asks for a machine's token, from the form and `Authorization: Basic` (RFC 6749, 2.3.1). */
export const Credentials = createParamDecorator((_: unknown, context: ExecutionContext): ClientCredentials => {
  const { body, headers } = context.switchToHttp().getRequest<FastifyRequest<{ Body?: Buffer }>>();
  return clientCredentials(formObject(body), headers.authorization);
});

/** @throws DomainError `bad_request`, or `unauthorized` for a header that names nobody */
export function clientCredentials(form: object, authorization: string | undefined): ClientCredentials {
  if (authorization === undefined) return validated(ClientCredentials, form);
  if ('client_id' in form || 'client_secret' in form) {
    throw new DomainError('bad_request', 'The client must name itself in the form or with HTTP Basic, not in both');
  }
  return validated(ClientCredentials, { ...form, ...basicCredentials(authorization) });
}

function basicCredentials(authorization: string): { client_id: string; client_secret: string } {
  const [, encoded = ''] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const [, id, secret] = /^([^:]+):(.+)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  if (id === undefined || secret === undefined) throw new DomainError('unauthorized', 'Invalid credentials');
  try {
    return { client_id: formDecoded(id), client_secret: formDecoded(secret) };
  } catch {
    throw new DomainError('unauthorized', 'Invalid credentials');
  }
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
