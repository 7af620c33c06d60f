export * from './object-storage.js';
export * from './open-storage.js';
export { isPacked, NotUnpackable, unpacked } from './unpacked.js';
