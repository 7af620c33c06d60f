export { readGtin } from './gtin.js';
export { readIsrc } from './isrc.js';
export { codeKey, labelKey, matchingKeys } from './matching-key.js';
export type { Reading } from './reading.js';
