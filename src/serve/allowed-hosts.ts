/**
 * Which `Host` a request may name. A page on the internet can point its own name at 127.0.0.1 and so have a browser
 * talk to this server (DNS rebinding); it cannot choose the Host header, which still says its name.
 */
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Whether an address to listen on can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  const plain = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return plain === 'localhost' || plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

export class AllowedHosts {
  readonly #names: ReadonlySet<string>;

  /** `host` is the address listened on; a wildcard stands for every address of this machine. `listed` come on top. */
  constructor(host: string, listed: readonly string[]) {
    const isWildcard = host === '0.0.0.0' || host === '::';
    const own = isWildcard
      ? Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address))
      : [host];
    const names = [...LOOPBACK_NAMES, ...own.map(bracketed), ...listed].filter((name) => name !== '');
    this.#names = new Set(names.map((name) => name.toLowerCase()));
  }

  /** `header` as it came, with or without a port. */
  allows(header: string | undefined): boolean {
    if (header === undefined) return false;
    const name = /^(\[[^\]]*\]|[^:]*)(?::\d{1,5})?$/.exec(header)?.[1];
    return name !== undefined && this.#names.has(name.toLowerCase());
  }
}

function bracketed(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address;
}
