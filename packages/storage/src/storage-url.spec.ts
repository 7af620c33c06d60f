import { describe, expect, it } from '@jest/globals';
import { storageUrl } from './storage-url.js';

const aws = { kind: 's3', bucket: 'books', prefix: '', region: 'eu-central-1', forcePathStyle: false };
const elsewhere = { ...aws, region: 'us-east-1', endpoint: 'http://minio:9000', forcePathStyle: true };

describe('STORAGE_URL', () => {
  it.each([
    ['file:///data', { kind: 'disk', folder: '/data' }],
    ['file:///data/%C3%BCber%20uns', { kind: 'disk', folder: '/data/über uns' }],
    ['s3://books?region=eu-central-1', aws],
    ['s3://books/?region=eu-central-1', aws],
    ['s3://books/our/files/?region=eu-central-1', { ...aws, prefix: 'our/files' }],
    ['s3://books?region=eu-central-1&forcePathStyle=true', { ...aws, forcePathStyle: true }],
    ['s3://books?endpoint=http://minio:9000', elsewhere],
    [
      's3://books?endpoint=http%3A%2F%2Fminio%3A9000&region=eu&forcePathStyle=false',
      { ...elsewhere, region: 'eu', forcePathStyle: false },
    ],
    [
      's3://books?endpoint=http://minio:9000&publicEndpoint=https://files.example',
      { ...elsewhere, publicEndpoint: 'https://files.example' },
    ],
  ])('may be %s', (url, location) => {
    expect(storageUrl.parse(url)).toEqual(location);
  });

  it.each([
    ['', [], 'expected file:///an/absolute/folder, s3://bucket?region=… or s3://bucket?endpoint=…'],
    ['/srv/files', [], 'expected file:///'],
    ['file://relative', [], 'expected file:///'],
    ['file:///data?region=eu', [], 'expected file:///'],
    ['file:///a%2Fb', [], 'expected file:///'],
    ['https://s3.example/books', [], 'expected file:///'],
    ['s3://', ['bucket'], 'expected 3 to 63'],
    ['s3://My_Bucket?region=eu', ['bucket'], 'expected 3 to 63'],
    ['s3://books', [], 'expected region=… (of AWS) or endpoint=… (of another S3 store)'],
    ['s3://books?region=', ['region'], 'expected the name of a region'],
    ['s3://books/a//b?region=eu', ['prefix'], 'expected letters'],
    ['s3://books?endpoint=minio:9000', ['endpoint'], 'expected the address of an S3 store'],
    ['s3://books?region=eu&publicEndpoint=here', ['publicEndpoint'], 'expected the address of an S3 store'],
    ['s3://books?region=eu&forcePathStyle=yes', ['forcePathStyle'], 'expected true or false'],
    [
      's3://books?regoin=eu',
      [],
      'regoin is not known; an s3 address takes region, endpoint, publicEndpoint, forcePathStyle',
    ],
    ['s3://books?region=eu&region=us', [], 'region is given twice'],
    ['s3://books?region=eu&bucket=other', [], 'bucket is given twice'],
    ['s3://key:secret@books?region=eu', [], 'credentials do not belong in the address'],
  ])('is refused when it is %j', (url, path, message) => {
    const issue = storageUrl.safeParse(url).error?.issues[0];
    expect(issue).toMatchObject({ path, message: expect.stringContaining(message) });
    expect(issue?.message).not.toContain('secret');
  });
});
