/**
 * Who a network address stands for in the rate limits: an IPv4 address itself, of an IPv6 address its /64, since that
 * is what one customer of a network is given.
 */
export function addressOf(ip: string): string {
  const v4 = ip.startsWith('::ffff:') ? ip.slice(7) : ip;
  if (!v4.includes(':')) return `address ${v4}`;
  const [head = '', tail] = ip.split('::');
  const known = head === '' ? [] : head.split(':');
  const zeros = tail === undefined ? 0 : 8 - known.length - (tail === '' ? 0 : tail.split(':').length);
  const groups = [...known, ...Array<string>(zeros).fill('0'), ...(tail ? tail.split(':') : [])];
  return `address ${groups.slice(0, 4).join(':')}::/64`;
}
