import { DomainError } from '@countinghouse/contracts';
import { missingBounds } from '../domain/grant.js';

/**
 * The user or machine client itself, when its roles are bound.
 *
 * It is asked of users that were just saved, whose transaction then rolls back: so a patch is judged together with what
 * it leaves alone, and a taken e-mail address (409) is told first.
 *
 * @throws DomainError `unprocessable` that names the missing fields
 */
export const requireBounds = <T extends { roles: string[]; resellerId?: string; clientIds?: string[] }>(
  saved: T,
): T => {
  const { roles, resellerId = null, clientIds = null } = saved;
  const details = missingBounds({ roles, resellerId, clientIds });
  if (details[0]) throw new DomainError('unprocessable', details[0].message, { details });
  return saved;
};
