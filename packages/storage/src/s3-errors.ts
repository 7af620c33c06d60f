import type { S3ServiceException } from '@aws-sdk/client-s3';
import { ObjectMissing, storageFull, storageUnavailable } from './object-storage.js';

/** Full or over a quota, as AWS, MinIO and Ceph name it. */
const full =
  /^(InsufficientStorage|InsufficientCapacity|EntityTooLarge|QuotaExceeded|XMinio(StorageFull|AdminBucketQuotaExceeded))$/;

const statusOf = (error: unknown) => (error as S3ServiceException).$metadata?.httpStatusCode;

/** A failed call of the SDK as callers of the storage know it; no failure is their doing. */
export const refusalOf = (error: unknown, key: string): Error => {
  const { name } = error as Error;
  if (name === 'NoSuchKey' || name === 'NotFound') return new ObjectMissing(key);
  return statusOf(error) === 507 || full.test(name) ? storageFull(error) : storageUnavailable(error);
};

/** What has to be mended before a bucket can be used, going by how it answered `HeadBucket`; null when it may be away. */
export const whyNotUsable = (error: unknown, bucket: string): string | null => {
  if ((error as Error).name === 'CredentialsProviderError') {
    return 'STORAGE_URL is an S3 store, but there are no credentials for it; expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another source that the AWS SDK knows';
  }
  switch (statusOf(error)) {
    case 404:
      return `STORAGE_URL names the bucket ${bucket}, which does not exist; make it first`;
    case 401:
    case 403:
      return `STORAGE_URL names the bucket ${bucket}, which refuses these credentials; they need s3:ListBucket, s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload`;
    case 301:
    case 400:
      return `STORAGE_URL names the bucket ${bucket}, which is not in that region, or these credentials have expired; expected its own as region=…`;
    default:
      return null;
  }
};
