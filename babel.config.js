/** Babel for the browser bundles (webpack) and for jest. `tsc` checks the types and builds the Node packages. */
export default api => {
  const isTest = api.env('test');
  return {
    presets: [
      [
        '@babel/preset-env',
        {
          modules: false,
          targets: isTest ? { node: 'current' } : 'chrome >= 111, firefox >= 114, safari >= 16.4',
        },
      ],
      ['@babel/preset-react', { runtime: 'automatic' }],
      ['@babel/preset-typescript', { rewriteImportExtensions: false, onlyRemoveTypeImports: true }],
    ],
  };
};
