/**
 * Four kinds of tests, one runner (see docs/testing.md):
 * - `node` and `dom`: units beside the code, and the contract tests with the real `@ohif/core`;
 * - `integration`: our packages with the real Orthanc, dcmtk, PostgreSQL of this machine;
 * - `e2e`: the running stack in a real browser. Its files run one after the other (`test/run.js`).
 */
const common = {
  rootDir: import.meta.dirname,
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.[jt]sx?$': 'babel-jest' },
  transformIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
};
const conditions = base => ({ customExportConditions: ['ohif-azure-source', ...base] });

export default {
  // A busy machine's disk and codecs may take longer than Jest's five seconds.
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/test/plain-summary-reporter.js'],
  projects: [
    {
      ...common,
      displayName: 'node',
      testEnvironment: 'node',
      testEnvironmentOptions: conditions(['node', 'node-addons']),
      testMatch: [
        '<rootDir>/packages/**/src/**/*.test.ts',
        '<rootDir>/test/{conformance,types}/**/*.test.ts',
      ],
      testPathIgnorePatterns: ['\\.dom\\.test\\.ts$'],
    },
    {
      ...common,
      displayName: 'dom',
      testEnvironment: 'jsdom',
      setupFiles: ['<rootDir>/test/support/jsdom-globals.js'],
      moduleNameMapper: {
        '^@cornerstonejs/(core|metadata)$': '<rootDir>/test/contract/cornerstone-stand-in.cjs',
      },
      testEnvironmentOptions: conditions(['browser']),
      testMatch: [
        '<rootDir>/{extensions,modes}/**/src/**/*.test.{ts,tsx}',
        '<rootDir>/packages/**/src/**/*.dom.test.ts',
        '<rootDir>/test/contract/**/*.test.{ts,tsx}',
      ],
    },
    {
      ...common,
      displayName: 'integration',
      testEnvironment: 'node',
      testEnvironmentOptions: conditions(['node', 'node-addons']),
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
    },
    {
      ...common,
      displayName: 'e2e',
      testEnvironment: 'node',
      testEnvironmentOptions: conditions(['node', 'node-addons']),
      testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
    },
  ],
};
