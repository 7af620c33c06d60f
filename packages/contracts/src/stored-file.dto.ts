/** An object to be streamed to the caller by the gateway. */
export class StoredFile {
  storageKey: string;
  fileName: string;
}
