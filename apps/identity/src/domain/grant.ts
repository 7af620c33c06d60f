/** Roles and what they are bound to; `null` is unbound. */
export interface Grant {
  roles: readonly string[];
  /** 24 lower-case hexadecimal characters. */
  resellerId: string | null;
  /** Lower-case UUIDs. */
  clientIds: readonly string[] | null;
}

export interface MissingBound {
  field: 'resellerId' | 'clientIds';
  message: string;
}

const boundRoles = [
  { field: 'resellerId', roles: ['reseller', 'reseller_admin'] },
  { field: 'clientIds', roles: ['merchant'] },
] as const;

/**
 * The fields that a grant's roles need and lack. Nothing else would say whose rows such a role may see, so nobody is
 * given one without. A bound whose role is absent is harmless: a role may be taken away and given back.
 */
export const missingBounds = (grant: Grant): MissingBound[] =>
  boundRoles.flatMap(({ field, roles }) => {
    const role = roles.find((bound) => grant.roles.includes(bound));
    return role && grant[field] === null ? [{ field, message: `${field} is needed with the role ${role}` }] : [];
  });

/** What a grant is bound to, without what it is not: the form of tokens and answers. */
export const boundsOf = ({ resellerId, clientIds }: Pick<Grant, 'resellerId' | 'clientIds'>) => ({
  ...(resellerId !== null && { resellerId }),
  ...(clientIds !== null && { clientIds: [...clientIds] }),
});
