import { type Call, DomainError, type Principal, type Role } from '@countinghouse/contracts';

/** Who asks; an operation that reaches this without a principal is refused. */
export function principalOf(call: Call): Principal {
  if (!call.principal) throw new DomainError('unauthorized', 'Invalid token');
  return call.principal;
}

export const hasRole = (principal: Principal, ...roles: Role[]): boolean =>
  principal.roles.some((role) => roles.includes(role));

/** The service's own check behind the gateway's: a wrong route table must not open a door. */
export function requireRole(call: Call, ...roles: Role[]): Principal {
  const principal = principalOf(call);
  if (!hasRole(principal, ...roles)) throw new DomainError('forbidden', 'Your role may not do this');
  return principal;
}
