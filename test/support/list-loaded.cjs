/** Preloaded into mapipe (node --require): writes which files and which of Node's modules were loaded, at the end. */
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const builtIns = process.moduleLoadList.map((name) => name.replace(/^NativeModule /, ''));
  writeFileSync(process.env.LOADED_LIST, JSON.stringify({ files: Object.keys(require.cache), builtIns }));
});
