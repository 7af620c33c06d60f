export { type Disposition, downloadHeaders } from './download-headers.js';
export { ObjectMissing, type LocalCopy, type LocalFile, type ObjectStorage } from './object-storage.js';
export * from './open-storage.js';
export { type StorageLocation, storageUrl } from './storage-url.js';
export { isPacked, NotUnpackable, unpacked } from './unpacked.js';
