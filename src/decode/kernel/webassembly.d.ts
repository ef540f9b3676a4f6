/** The part of WebAssembly that the kernel's host uses; Node's own types leave it out. */
/* eslint-disable @typescript-eslint/no-extraneous-class -- it has no members that the host uses. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    readonly exports: Readonly<Record<string, unknown>>;
  }
  interface Memory {
    readonly buffer: ArrayBuffer;
  }
}
