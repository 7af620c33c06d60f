import { type Role, roles } from '@countinghouse/contracts';
import { z } from 'zod';

/** Whoever signs in elsewhere never becomes the platform admin. */
const grantable = roles.filter((role) => role !== 'platform_admin') as [Role, ...Role[]];

const claim = z.string().min(1);

const trustedIssuer = z
  .strictObject({
    issuer: z.string().min(1),
    jwksUrl: z.url(),
    audience: z.string().min(1),
    /** Algorithms of its signatures; only asymmetric ones exist here. */
    algorithms: z.array(z.enum(['EdDSA', 'ES256', 'ES384', 'ES512', 'PS256', 'RS256'])).default(['ES256', 'RS256']),
    /** The only tenants it may speak for. Of several, the claim `tenantId` says which. */
    tenants: z.array(z.number().int().positive()).min(1),
    /** Where its tokens say what ours say; a dot leads into an object, such as `realm_access.roles`. */
    claims: z
      .strictObject({
        userId: claim.default('sub'),
        clientId: claim.optional(),
        tenantId: claim.optional(),
        roles: claim.default('roles'),
        resellerId: claim.optional(),
        clientIds: claim.optional(),
      })
      .prefault({}),
    /** What its roles are called here; those that are not named count for nothing. */
    roles: z.record(z.string(), z.enum(grantable)),
  })
  .refine(({ tenants, claims }) => tenants.length === 1 || claims.tenantId !== undefined, {
    error: 'claims.tenantId must be given for an issuer of several tenants',
  });
export type TrustedIssuer = z.infer<typeof trustedIssuer>;

/** `TRUSTED_ISSUERS`: the issuers besides our own whose tokens are accepted, as a JSON array. */
export const trustedIssuers = z
  .string()
  .default('[]')
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'expected a JSON array of issuers' });
      return z.NEVER;
    }
  })
  .pipe(z.array(trustedIssuer));
