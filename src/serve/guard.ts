/** Who is let in: the checks that every request passes before anything of it is read, as one list. */
import type { AllowedHosts } from './allowed-hosts.js';
import { problem } from './problem.js';
import type { ApiReply, Route, RouteBody } from './route.js';
import type { Tokens } from './tokens.js';

export interface Policy {
  readonly hosts: AllowedHosts;
  readonly tokens: Tokens;
  /** Origins whose pages may call the API from a browser. */
  readonly origins: readonly string[];
}

export type Header = (name: string) => string | undefined;

/** The host is judged first, for every address there is: null lets the request pass. */
export function refuseHost(header: Header, { hosts }: Policy): ApiReply | null {
  const host = header('host');
  if (hosts.allows(host)) return null;
  return problem('misdirected-request', {
    detail: `this server does not answer for the host ${host ?? '(none)'}`,
    hint: 'start it with --allow-host NAME if the name is meant for it',
  });
}

export function refuseRequest(route: Route, header: Header, policy: Policy): ApiReply | null {
  return (
    refuseOrigin(route, header, policy) ??
    refuseToken(route, header, policy) ??
    (route.body ? refuseMediaType(route.body, header) : null)
  );
}

/** A browser says from which page a request comes; pages of others must not write. */
function refuseOrigin(route: Route, header: Header, { origins }: Policy): ApiReply | null {
  const origin = header('origin');
  if (route.method === 'GET' || origin === undefined) return null;
  const own = origin === `http://${header('host') ?? ''}` || origin === `https://${header('host') ?? ''}`;
  if (own || origins.includes(origin)) return null;
  return problem('forbidden', {
    detail: `pages of ${origin} may not send events here`,
    hint: 'start the server with --allow-origin ORIGIN if they may',
  });
}

function refuseToken({ scope }: Route, header: Header, { tokens }: Policy): ApiReply | null {
  if (scope === null) return null;
  const access = tokens.access(header('authorization'), scope);
  switch (access.kind) {
    case 'allowed':
      return null;
    case 'unknown':
      return problem('unauthorized', {
        detail: `expected a token for ${scope}, got ${header('authorization') === undefined ? 'none' : 'one that is not known'}`,
        hint: 'send it as Authorization: Bearer TOKEN',
        headers: { 'www-authenticate': `Bearer realm="mapipe", scope="${scope}"` },
      });
    case 'out_of_scope':
      return problem('forbidden', {
        detail: `this token is not good for ${scope}`,
        headers: {
          'www-authenticate': `Bearer realm="mapipe", error="insufficient_scope", scope="${scope}"`,
        },
      });
  }
}

function refuseMediaType(body: RouteBody, header: Header): ApiReply | null {
  const type = header('content-type');
  const [media = '', ...parameters] = (type ?? '').toLowerCase().split(';');
  const charsetIsUtf8 = parameters.every((parameter) => {
    const [name, value] = parameter.trim().split('=');
    return name !== 'charset' || /^"?utf-?8"?$/.test(value ?? '');
  });
  const encoding = (header('content-encoding') ?? 'identity').toLowerCase();
  const encodings = body.kind === 'stream' ? ['identity', 'gzip'] : ['identity'];
  if (media.trim() === body.contentType && charsetIsUtf8 && encodings.includes(encoding)) return null;
  const got = `${type ?? 'no Content-Type'}${encoding === 'identity' ? '' : ` in ${encoding}`}`;
  return problem('unsupported-media-type', {
    detail: `expected ${body.contentType} in UTF-8, got ${got}`,
    headers: { accept: body.contentType },
  });
}
