/** What is wrong with one field of a request. */
export class RefusedField {
  /** Path of the field, such as `shares.0.share`. */
  field: string;
  message: string;
}

/** The one shape of every answer that is not a success. */
export class Refusal {
  /** @example 404 */
  statusCode: number;
  /** @example "Report not found" */
  message: string;
  /** The name of the status code. @example "Not Found" */
  error: string;
  /** Names this request in the logs. @example "5f3c2f0e-8f0a-4a36-9d54-2c6d1f0c8a11" */
  requestId: string;
  /** Human words, where `message` is a code. */
  description?: string;
  /** Which fields are wrong, where fields are. */
  details?: RefusedField[];
}
