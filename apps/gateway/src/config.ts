import { processEnvironment, readConfig } from '@countinghouse/service/process';
import { storageUrl } from '@countinghouse/storage';
import { z } from 'zod';
import { trustedIssuers } from './tokens/trusted-issuers.js';

const gibibyte = 2 ** 30;
const positive = (fallback: number) => z.coerce.number().int().positive().default(fallback);

export const gatewayEnvironment = processEnvironment.extend({
  /** Where callers from outside are heard. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  /** Address to listen at; containers want 0.0.0.0. */
  HOST: z.string().default('0.0.0.0'),
  /** Where callers reach this gateway; download addresses begin with it. */
  PUBLIC_URL: z.url('expected the address callers use, such as https://finance.example'),
  /** Proxies whose X-Forwarded-For is believed, as addresses or networks separated by commas. */
  TRUSTED_PROXIES: z.string().optional(),

  TOKEN_ISSUER: z.string().min(1, 'expected the `iss` of our own tokens'),
  TOKEN_AUDIENCE: z.string().min(1, 'expected the `aud` of tokens that are meant for this installation'),
  TRUSTED_ISSUERS: trustedIssuers,

  STORAGE_URL: storageUrl,
  STORAGE_SIGNING_KEY: z.string().min(32, 'expected a secret of at least 32 characters that signs download addresses'),

  RATE_LIMIT_PER_MINUTE: positive(600),
  /** Requests that may be under way at once; more are refused with 503 rather than left to queue. */
  MAX_IN_FLIGHT: positive(2_000),
  MAX_UPLOAD_BYTES: positive(5 * gibibyte),
  /** What a compressed upload may unpack to. */
  MAX_UNPACKED_BYTES: positive(20 * gibibyte),
});
export type GatewayConfig = z.infer<typeof gatewayEnvironment>;

/** The process's configuration; a wrong variable ends the process. */
export const readGatewayConfig = (): GatewayConfig => readConfig(gatewayEnvironment);

/** Injection token. */
export const GATEWAY_CONFIG = Symbol('gateway configuration');
