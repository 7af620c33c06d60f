import { randomBytes } from 'node:crypto';
import { openTenant, type Platform, startProduct } from '@countinghouse/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { kontorFile, nextUpload } from '../../test/kontor-file.js';

let platform: Platform;

beforeAll(async () => {
  platform = await startProduct();
}, 60_000);

afterAll(() => platform?.stop(), 30_000);

it('takes a label of any length', async () => {
  const { admin } = await openTenant(platform);
  const label = randomBytes(6_000).toString('base64url');
  const { id, state } = await admin.uploaded(nextUpload(), kontorFile([{ label }]));
  expect(state).toBe('completed');
  expect((await admin.get(`/royalties/statements/${id}/unmatched`)).json).toMatchObject([{ label, lines: 1 }]);
}, 60_000);
