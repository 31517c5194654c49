export default {
  mode: 'production',
  entry: './main.js',
  output: { filename: 'main.js' },
  // The engines are text that is minified already: Terser would take half a minute for them.
  optimization: { minimize: false },
  // They load when they are needed, so their size is not that of the page.
  performance: false,
};
