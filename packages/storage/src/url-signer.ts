import { createHmac, timingSafeEqual } from 'node:crypto';
import { assertKey, keyPattern, type ObjectStorage } from './object-storage.js';

export type UrlSigner = Pick<ObjectStorage, 'sign' | 'verify'>;

/** The one spelling that a signed address has: another order, encoding or parameter is another address. */
const signedTarget = new RegExp(
  `^(?<path>/files/(?<key>${keyPattern})\\?expires=(?<expires>[1-9]\\d{0,11}))&signature=(?<signature>[\\w-]{43})$`,
);

/** Addresses of the form `<publicUrl>/files/<key>?expires=<unix seconds>&signature=<HMAC-SHA256, base64url>`. */
export const urlSigner = ({ signingKey, publicUrl }: { signingKey: string; publicUrl: string }): UrlSigner => {
  const base = publicUrl.replace(/\/$/, '');
  const signatureOf = (path: string) => createHmac('sha256', signingKey).update(path).digest('base64url');

  return {
    async sign(key, { expiresInSeconds, now }) {
      assertKey(key);
      const path = `/files/${key}?expires=${Math.floor(now.getTime() / 1000) + expiresInSeconds}`;
      return `${base}${path}&signature=${signatureOf(path)}`;
    },

    verify(target, now) {
      const { path = '', key = null, expires = '', signature = '' } = signedTarget.exec(target)?.groups ?? {};
      if (key === null || Number(expires) * 1000 <= now.getTime()) return null;
      return timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(path))) ? key : null;
    },
  };
};
