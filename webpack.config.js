import path from 'node:path';

const root = import.meta.dirname;

/** What the viewer shares with an extension that is compiled into it (docs/architecture.md, "Two ways into OHIF"). */
const SHARED_WITH_HOST = [
  /^@ohif\//,
  /^@cornerstonejs\//,
  'react',
  'react-dom',
  'react-dom/client',
  'react/jsx-runtime',
];

const common = {
  mode: 'production',
  devtool: 'source-map',
  target: ['web', 'es2022'],
  resolve: {
    extensions: ['.ts', '.tsx', '.js'],
    conditionNames: ['ohif-azure-source', 'import', 'browser', 'default'],
  },
  module: {
    rules: [{ test: /\.tsx?$/, exclude: /node_modules/, use: 'babel-loader' }],
  },
  // The budget is for both drop-in modules together, compressed; test/bench/bundle-size.js measures it.
  performance: { hints: false },
  stats: 'errors-warnings',
};

/** Our own React is a third of what a browser would load of us; Preact is the same to our components, for a tenth of that. */
const SMALL_REACT = {
  react$: 'preact/compat',
  'react-dom/client$': 'preact/compat/client',
  'react/jsx-runtime$': 'preact/jsx-runtime',
};

/** A self-contained ES module with a default export, loaded by the stock prebuilt viewer. */
const dropIn = (name, folder, file) => ({
  ...common,
  resolve: { ...common.resolve, alias: SMALL_REACT },
  name: `${name} drop-in`,
  entry: path.join(root, folder, 'src/index.ts'),
  experiments: { outputModule: true },
  output: {
    path: path.join(root, folder, 'dist'),
    filename: file,
    library: { type: 'module' },
    module: true,
    chunkFormat: 'module',
  },
});

/** A UMD bundle that is compiled into the viewer from source (pluginConfig.json). */
const builtIn = (name, folder) => ({
  ...common,
  name: `${name} built in`,
  entry: path.join(root, folder, 'src/index.ts'),
  externals: SHARED_WITH_HOST,
  output: {
    path: path.join(root, folder, 'dist'),
    filename: 'index.umd.js',
    library: { name, type: 'umd', export: 'default' },
    globalObject: 'globalThis',
  },
});

/** The script of doctor.html, the page by which an administrator checks a viewer from a browser. */
const doctorPage = {
  ...common,
  name: 'doctor page',
  entry: path.join(root, 'packages/cli/src/browser/doctor-page.ts'),
  experiments: { outputModule: true },
  output: {
    path: path.join(root, 'packages/cli/dist/page'),
    filename: 'doctor.mjs',
    module: true,
    chunkFormat: 'module',
  },
};

export default [
  dropIn('@ohif-azure/extension-azure', 'extensions/azure', 'extension.mjs'),
  dropIn('@ohif-azure/mode-azure', 'modes/azure', 'mode.mjs'),
  builtIn('@ohif-azure/extension-azure', 'extensions/azure'),
  builtIn('@ohif-azure/mode-azure', 'modes/azure'),
  doctorPage,
];
