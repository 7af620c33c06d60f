import type { ReplyEnvelope, RequestEnvelope } from '@countinghouse/contracts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What fits into one message. */
export const maxMessageBytes = 1024 * 1024 - 4096;

/** A longer answer goes in parts; one that is longer than this belongs into object storage. */
export const maxReplyBytes = 16 * 1024 * 1024;
const partBytes = 512 * 1024;

/** Before every part but the last, and before the last; an answer in one message is JSON and begins with neither. */
const more = '+'.charCodeAt(0);
const last = '.'.charCodeAt(0);

/** The messages that carry an answer, in their order. */
export function messagesOf(reply: Uint8Array): Uint8Array[] {
  if (reply.length <= maxMessageBytes) return [reply];
  const count = Math.ceil(reply.length / partBytes);
  return Array.from({ length: count }, (_, at) => {
    const part = reply.subarray(at * partBytes, (at + 1) * partBytes);
    return Buffer.concat([Uint8Array.of(at === count - 1 ? last : more), part]);
  });
}

/** The answer once its last message is here; until then its parts are kept in `parts`. */
export function joinMessage(parts: Uint8Array[], message: Uint8Array): Uint8Array | null {
  const [mark] = message;
  if (mark !== more && mark !== last) return message;
  parts.push(message.subarray(1));
  return mark === last ? Buffer.concat(parts) : null;
}

export const encodeRequest = (envelope: RequestEnvelope): Uint8Array => encoder.encode(JSON.stringify(envelope));
export const encodeReply = (envelope: ReplyEnvelope): Uint8Array => encoder.encode(JSON.stringify(envelope));
export const decodeRequest = (bytes: Uint8Array): RequestEnvelope => JSON.parse(decoder.decode(bytes));
export const decodeReply = (bytes: Uint8Array): ReplyEnvelope => JSON.parse(decoder.decode(bytes));
