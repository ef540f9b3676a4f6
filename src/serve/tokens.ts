/** Who may do what. Tokens come from the environment or a file that only its owner can read, never from an argument. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { MapipeError } from '../errors.js';
import { SCOPES, type Scope } from './route.js';

/** Shorter ones could be guessed. */
const MIN_TOKEN_LENGTH = 16;
const VARIABLES = { read: 'MAPIPE_READ_TOKEN', ingest: 'MAPIPE_INGEST_TOKEN' } as const;

interface Token {
  readonly scope: Scope;
  readonly digest: Buffer;
}

export type Access =
  { readonly kind: 'allowed' } | { readonly kind: 'unknown' } | { readonly kind: 'out_of_scope' };

export class Tokens {
  readonly #tokens: readonly Token[];

  constructor(tokens: readonly { readonly scope: Scope; readonly secret: string }[]) {
    this.#tokens = tokens.map(({ scope, secret }) => ({ scope, digest: digestOf(secret) }));
  }

  /** The variables MAPIPE_READ_TOKEN and MAPIPE_INGEST_TOKEN, and the lines of the file, if there is one. */
  static read(environment: NodeJS.ProcessEnv, path: string | null): Tokens {
    const fromVariables = SCOPES.map((scope) => ({ scope, secret: environment[VARIABLES[scope]] ?? '' }));
    const given = fromVariables.filter(({ secret }) => secret !== '');
    for (const { scope, secret } of given) refuseWeak(VARIABLES[scope], secret);
    return new Tokens([...given, ...(path === null ? [] : readTokenFile(path))]);
  }

  get required(): boolean {
    return this.#tokens.length > 0;
  }

  has(scope: Scope): boolean {
    return this.#tokens.some((token) => token.scope === scope);
  }

  /** Judges an `Authorization` header. Every token is compared, in constant time, whichever matches. */
  access(authorization: string | undefined, scope: Scope): Access {
    if (!this.required) return { kind: 'allowed' };
    const scopes = this.#scopesOf(authorization);
    if (scopes.includes(scope)) return { kind: 'allowed' };
    return { kind: scopes.length > 0 ? 'out_of_scope' : 'unknown' };
  }

  /** A name for the bearer, to count its requests by: not the token itself. */
  bearerOf(authorization: string | undefined): string {
    if (!this.required) return 'anyone';
    return this.#scopesOf(authorization).join('+') || 'stranger';
  }

  #scopesOf(authorization: string | undefined): Scope[] {
    const secret = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    if (secret === undefined) return [];
    const digest = digestOf(secret);
    return this.#tokens.filter((token) => timingSafeEqual(token.digest, digest)).map(({ scope }) => scope);
  }
}

/** Lines `read TOKEN` or `ingest TOKEN`; blank lines and those after `#` are skipped. */
function readTokenFile(path: string): { scope: Scope; secret: string }[] {
  let text: string;
  try {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0) {
      throw new MapipeError(
        'MAPIPE_TOKEN_INVALID',
        `the token file ${path} must be readable by its owner only, but its mode is ${(mode & 0o777).toString(8)}`,
        { hint: `chmod 600 ${path}` },
      );
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof MapipeError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new MapipeError('MAPIPE_TOKEN_INVALID', `the token file ${path} cannot be read: ${why}`, {
      cause: error,
    });
  }
  const tokens = text.split('\n').flatMap((line, i) => {
    if (/^\s*(#.*)?$/.test(line)) return [];
    const [word, secret = '', ...rest] = line.trim().split(/\s+/);
    const scope = SCOPES.find((known) => known === word);
    if (!scope || rest.length > 0) {
      throw new MapipeError(
        'MAPIPE_TOKEN_INVALID',
        `line ${i + 1} of ${path} must be "read TOKEN" or "ingest TOKEN"`,
      );
    }
    refuseWeak(`line ${i + 1} of ${path}`, secret);
    return [{ scope, secret }];
  });
  if (tokens.length === 0) {
    throw new MapipeError('MAPIPE_TOKEN_INVALID', `the token file ${path} holds no token`, {
      hint: 'a line is "read TOKEN" or "ingest TOKEN"',
    });
  }
  return tokens;
}

function refuseWeak(where: string, secret: string): void {
  if (secret.length >= MIN_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(secret)) return;
  throw new MapipeError(
    'MAPIPE_TOKEN_INVALID',
    `${where} must be a token of at least ${MIN_TOKEN_LENGTH} printable ASCII characters without a space`,
    { hint: 'make one: openssl rand -hex 32' },
  );
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
