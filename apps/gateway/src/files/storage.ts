/** Injection token of the `ObjectStorage`. */
export const STORAGE = Symbol('object storage');
