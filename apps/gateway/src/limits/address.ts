/**
 * Whom a network address stands for where callers are counted: an IPv4 address itself, of an IPv6 address its /64,
 * since that is what one customer of a network is given.
 */
export function addressOf(ip: string): string {
  const [bare = ''] = ip.split('%');
  const v4 = bare.startsWith('::ffff:') ? bare.slice(7) : bare;
  if (!v4.includes(':')) return v4;
  const [head = [], tail = []] = bare.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return `${[...head, ...zeros, ...tail].slice(0, 4).join(':')}::/64`;
}
