/** Loaded before mapipe and in its threads, while it is built: keeps the code of each file that src/launch.ts runs. */
'use strict';
const { chmodSync, mkdirSync, renameSync, writeFileSync } = require('node:fs');
const { basename, dirname, join, resolve } = require('node:path');
const vm = require('node:vm');
const { parentPort } = require('node:worker_threads');
const { codeFolder } = require('../../dist/launch.cjs');

const code = codeFolder();
// The launcher looks whether it is there.
mkdirSync(code, { recursive: true });
const scripts = [];

vm.Script = class extends vm.Script {
  constructor(source, options) {
    super(source, options);
    if (dirname(options.filename) === resolve(code, '../..')) scripts.push([options.filename, this]);
  }
};

function keep() {
  for (const [file, script] of scripts) {
    const kept = join(code, basename(file));
    writeFileSync(`${kept}.new`, script.createCachedData());
    // Whoever may read the files may read this, although mapipe itself makes files for its user alone.
    chmodSync(`${kept}.new`, 0o644);
    renameSync(`${kept}.new`, kept);
  }
}

process.on('exit', keep);
// A thread is ended without being told: after each answer may be its last chance.
parentPort?.on('message', () => process.nextTick(keep));
