/** The tenant of what belongs to no tenant: the platform admin, and failures to log in. */
export const platformTenant = 0;
