/** Shared jest settings: specs run from TypeScript source as native ES modules. */
export default {
  testEnvironment: 'node',
  // Against hanging alone: real servers on a busy machine may take their time.
  testTimeout: 60_000,
  testRegex: '\\.(spec|db-spec|e2e-spec)\\.ts$',
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  extensionsToTreatAsEsm: ['.ts'],
  resolver: new URL('./jest.resolver.cjs', import.meta.url).pathname,
  setupFiles: [new URL('./jest.setup.mjs', import.meta.url).pathname],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        jsc: {
          target: 'es2023',
          keepClassNames: true,
          experimental: { keepImportAttributes: true },
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
};
