import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

const acceptable = /^[\w.:-]{1,128}$/;
const traceContext = /^[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's `x-request-id` when it is harmless in a log and in a header, else a new one. */
export const requestIdOf = ({ headers }: { headers: IncomingHttpHeaders }): string => {
  const sent = headers['x-request-id'];
  return typeof sent === 'string' && acceptable.test(sent) ? sent : randomUUID();
};

/** The caller's W3C trace context, else the start of a trace of our own. */
export const traceparentOf = ({ traceparent }: IncomingHttpHeaders): string => {
  if (typeof traceparent === 'string' && traceContext.test(traceparent)) return traceparent;
  const random = randomUUID().replaceAll('-', '');
  return `00-${random}-${random.slice(-16)}-00`;
};
