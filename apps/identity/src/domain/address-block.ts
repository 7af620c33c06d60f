/**
 * What counts as one address when failures are counted: an IPv4 address itself, and of an IPv6 address the first 64
 * bits as `2001:db8:0:0`, since whoever has one of those has all 2^64 of its block.
 *
 * @param address as a socket names it: canonical, possibly IPv4 mapped into IPv6 or with a zone (`fe80::1%eth0`)
 */
export const addressBlock = (address: string): string => {
  const [bare = ''] = address.toLowerCase().split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (mapped || !bare.includes(':')) return mapped ?? bare;
  const [head, tail] = bare.split('::').map((part) => part.split(':').filter(Boolean));
  const known = [...(head ?? []), ...(tail ?? [])].length;
  const zeros = Array.from({ length: Math.max(0, 8 - known) }, () => '0');
  return [...(head ?? []), ...zeros, ...(tail ?? [])].slice(0, 4).join(':');
};
