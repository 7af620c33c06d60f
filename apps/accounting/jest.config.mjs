import base from '../../jest.base.mjs';

/** One PostgreSQL for all specs of the run. */
export default {
  ...base,
  globalSetup: '@countinghouse/testing/jest-setup',
  globalTeardown: '@countinghouse/testing/jest-teardown',
};
