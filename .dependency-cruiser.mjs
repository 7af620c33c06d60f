/** The arrows of docs/architecture.md as rules. */
const pure = '^packages/(money|calendar|tabular|catalogue|ledger)/src';
export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'app-imports-app',
      comment: 'Apps talk over NATS; what they share is in packages/contracts.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    { name: 'package-imports-app', severity: 'error', from: { path: '^packages/' }, to: { path: '^apps/' } },
    {
      name: 'domain-is-pure',
      comment: 'domain/ is mathematics: no Nest, no database, no I/O.',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/domain/', pathNot: '\\.spec\\.ts$' },
      to: {
        pathNot: [
          '^apps/[^/]+/src/domain/',
          '^packages/(money|calendar|catalogue)/',
          '^packages/ledger/[^/]+/(?!tables/)',
        ],
      },
    },
    {
      name: 'pure-package-stays-pure',
      severity: 'error',
      from: { path: pure, pathNot: ['\\.(spec|db-spec)\\.ts$', '^packages/ledger/src/tables/'] },
      to: { path: '(@nestjs|typeorm|node_modules/pg|nats|^packages/(service|contracts|ledger/src/tables)/)' },
    },
    {
      name: 'gateway-has-no-database',
      severity: 'error',
      from: { path: '^apps/gateway/src' },
      to: { path: 'node_modules/(pg|typeorm|pg-boss|@duckdb)' },
    },
    {
      name: 'undeclared-dependency',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: '^(apps|packages)/[^/]+/src', pathNot: ['\\.(spec|db-spec|e2e-spec)\\.ts$', '^packages/testing'] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'dist'] },
    exclude: { path: ['src/generated/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
};
