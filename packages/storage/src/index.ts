export * from './object-storage.js';
export * from './open-storage.js';
export { NotUnpackable, unpacked } from './unpacked.js';
