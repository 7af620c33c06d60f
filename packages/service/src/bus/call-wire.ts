import type { ReplyEnvelope, RequestEnvelope } from '@countinghouse/contracts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What fits into one message; more than that travels as an object in storage. */
export const maxMessageBytes = 1024 * 1024 - 4096;

export const encodeRequest = (envelope: RequestEnvelope): Uint8Array => encoder.encode(JSON.stringify(envelope));
export const encodeReply = (envelope: ReplyEnvelope): Uint8Array => encoder.encode(JSON.stringify(envelope));
export const decodeRequest = (bytes: Uint8Array): RequestEnvelope => JSON.parse(decoder.decode(bytes));
export const decodeReply = (bytes: Uint8Array): ReplyEnvelope => JSON.parse(decoder.decode(bytes));
