/** Who may import whom (docs/architecture.md). A violation fails the build. */
const packagesBut = (...allowed) => `^(packages/(?!(${allowed.join('|')})/)|extensions/|modes/)`;

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-imports-no-sibling',
      severity: 'error',
      from: { path: '^packages/core/' },
      to: { path: packagesBut('core') },
    },
    {
      name: 'auth-imports-only-core',
      severity: 'error',
      from: { path: '^packages/auth/' },
      to: { path: packagesBut('core', 'auth') },
    },
    {
      name: 'dicomweb-imports-only-core',
      severity: 'error',
      from: { path: '^packages/dicomweb/' },
      to: { path: packagesBut('core', 'dicomweb') },
    },
    {
      name: 'emulator-imports-only-core',
      comment:
        'The emulator must not share code with the client it tests: one bug would pass its own test.',
      severity: 'error',
      from: { path: '^packages/emulator/' },
      to: { path: packagesBut('core', 'emulator') },
    },
    {
      name: 'relay-imports-core-auth-dicomweb',
      severity: 'error',
      from: { path: '^packages/relay/' },
      to: { path: packagesBut('core', 'auth', 'dicomweb', 'relay') },
    },
    {
      name: 'cli-imports-packages-only',
      severity: 'error',
      from: { path: '^packages/cli/' },
      to: { path: '^(extensions|modes)/' },
    },
    {
      name: 'extension-imports-core-auth-dicomweb',
      severity: 'error',
      from: { path: '^extensions/azure/' },
      to: { path: '^(packages/(?!(core|auth|dicomweb)/)|modes/)' },
    },
    {
      name: 'mode-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^modes/azure/' },
      to: { path: '^(packages|extensions)/' },
    },
    {
      name: 'packages-import-no-ohif-and-no-react',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '(^|node_modules/)(@ohif/|react(-dom)?(/|$))' },
    },
    {
      name: 'shipped-code-imports-no-dev-dependency',
      severity: 'error',
      from: { path: '^(packages|extensions|modes)/[^/]+/src', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages|extensions|modes)/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.check.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['ohif-azure-source', 'import', 'require', 'node', 'default', 'types'],
    },
  },
};
