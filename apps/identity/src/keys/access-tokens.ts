import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { accessTokenType, claimsOf, type JsonWebKeySet, type Principal } from '@countinghouse/contracts';
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose';

export interface AccessTokenOptions {
  issuer: string;
  audience: string;
  /** Ed25519. */
  privateKey: KeyObject;
  /** Keys that signed before: tokens made with them are good until they expire, so they stay published for a while. */
  previousPublicKeys: KeyObject[];
}

/** Seconds that an access token is good for. Nothing revokes one, so this is also how long a removed role still works. */
export const accessTokenSeconds = 900;

const algorithm = 'EdDSA';

/** Signs access tokens (RFC 9068) and publishes the keys that verify them. */
export class AccessTokens {
  private constructor(
    private readonly options: AccessTokenOptions,
    private readonly keyId: string,
    readonly keys: JsonWebKeySet,
  ) {}

  static async with(options: AccessTokenOptions): Promise<AccessTokens> {
    const publicKeys = [createPublicKey(options.privateKey), ...options.previousPublicKeys];
    const [signing, ...previous] = await Promise.all(publicKeys.map(published));
    return new AccessTokens(options, signing!.kid, { keys: [signing!, ...previous] });
  }

  sign(principal: Principal): Promise<string> {
    return new SignJWT({ ...claimsOf(principal) })
      .setProtectedHeader({ alg: algorithm, typ: accessTokenType, kid: this.keyId })
      .setIssuer(this.options.issuer)
      .setAudience(this.options.audience)
      .setIssuedAt()
      .setExpirationTime(`${accessTokenSeconds} seconds`)
      .setJti(randomUUID())
      .sign(this.options.privateKey);
  }
}

/** A public key as JWK; its id is its thumbprint (RFC 7638), so that no two keys ever share one. */
const published = async (key: KeyObject): Promise<JWK & { kid: string }> => {
  const jwk = await exportJWK(key);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: algorithm, use: 'sig' };
};
