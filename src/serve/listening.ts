/** The address that a server listens on: how it is written, and why it may not be had. */
import type { AddressInfo } from 'node:net';
import { MapipeError, systemErrorCode } from '../errors.js';

const REACHED_AS_LOCALHOST = ['0.0.0.0', '::', '127.0.0.1', '::1'];

/** Where a browser on this machine finds a server that was told to listen on `host`. */
export function urlOf(host: string, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = REACHED_AS_LOCALHOST.includes(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** The error of a listening that failed, as the user can act on it; anything else stays as it is. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const code = systemErrorCode(error);
  if (code === 'EADDRINUSE') {
    return new MapipeError('MAPIPE_PORT_IN_USE', `port ${port} on ${host} is in use by another program`, {
      hint: `choose another one: mapipe serve --port ${port + 1}`,
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const why = code === 'EACCES' ? 'the system does not permit it' : 'this machine has no such address';
    return new MapipeError('MAPIPE_LISTEN_FAILED', `cannot listen on ${host}, port ${port}: ${why}`, {
      hint: code === 'EACCES' ? 'ports below 1024 need rights of their own' : 'name another --host',
      cause: error,
    });
  }
  return error;
}
