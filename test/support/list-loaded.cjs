/**
 * Preloaded into mapipe (node --require): writes, at the end, which files were loaded, which of Node's modules, and of
 * which files the code that V8 had made before was taken.
 */
const { writeFileSync } = require('node:fs');
const vm = require('node:vm');

const launched = [];
vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    launched.push({ file: options.filename, isCompiled: this.cachedDataRejected === false });
  }
};

process.on('exit', () => {
  const builtIns = process.moduleLoadList.map((name) => name.replace(/^NativeModule /, ''));
  const files = [...Object.keys(require.cache), ...launched.map(({ file }) => file)];
  const compiled = launched.filter(({ isCompiled }) => isCompiled).map(({ file }) => file);
  writeFileSync(process.env.LOADED_LIST, JSON.stringify({ files, builtIns, compiled }));
});
