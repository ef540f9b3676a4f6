import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Tokens } from '../../src/serve/tokens.js';
import { temporaryFolder } from '../support/cli.js';

const READ = 'read-token-0123456789abcdef';
const INGEST = 'ingest-token-0123456789abcdef';

function tokenFile(text: string, mode = 0o600): string {
  const path = join(temporaryFolder(), 'tokens');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('tokens', () => {
  const tokens = new Tokens([
    { scope: 'read', secret: READ },
    { scope: 'ingest', secret: INGEST },
  ]);

  it('are good for what they are for', () => {
    expect(tokens.access(`Bearer ${READ}`, 'read')).toEqual({ kind: 'allowed' });
    expect(tokens.access(`Bearer ${INGEST}`, 'ingest')).toEqual({ kind: 'allowed' });
    expect(tokens.access(`Bearer ${READ}`, 'ingest')).toEqual({ kind: 'out_of_scope' });
    expect(tokens.access(`Bearer ${INGEST}`, 'read')).toEqual({ kind: 'out_of_scope' });
  });

  it('go by the name of bearer, however that is written', () => {
    for (const header of [`bearer ${READ}`, `BEARER ${READ}`, `Bearer   ${READ}  `]) {
      expect(tokens.access(header, 'read'), header).toEqual({ kind: 'allowed' });
    }
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    READ,
    `Basic ${READ}`,
    `Bearer${READ}`,
    `Bearer ${READ} x`,
    `Bearer x ${READ}`,
    `Bearer ${READ.slice(1)}`,
    `Bearer ${READ}\0`,
    `Bearer ${READ},${INGEST}`,
    `X Bearer ${READ}`,
  ])('are unknown in %j', (header) => {
    expect(tokens.access(header, 'read')).toEqual({ kind: 'unknown' });
  });

  it('are asked of nobody where there are none', () => {
    const none = new Tokens([]);
    expect(none.required).toBe(false);
    expect(none.access(undefined, 'ingest')).toEqual({ kind: 'allowed' });
    expect(none.access('Bearer whatever', 'read')).toEqual({ kind: 'allowed' });
  });

  it('of one scope close the other one to everybody', () => {
    const readOnly = new Tokens([{ scope: 'read', secret: READ }]);
    expect(readOnly.access(undefined, 'ingest')).toEqual({ kind: 'unknown' });
    expect(readOnly.access(`Bearer ${READ}`, 'ingest')).toEqual({ kind: 'out_of_scope' });
  });

  it('that are the same for both scopes are good for both', () => {
    const both = new Tokens([
      { scope: 'read', secret: READ },
      { scope: 'ingest', secret: READ },
    ]);
    expect(both.access(`Bearer ${READ}`, 'read')).toEqual({ kind: 'allowed' });
    expect(both.access(`Bearer ${READ}`, 'ingest')).toEqual({ kind: 'allowed' });
  });

  it('give a bearer a name that is not the token, and all strangers one', () => {
    expect(tokens.bearerOf(`Bearer ${READ}`)).not.toContain(READ);
    expect(tokens.bearerOf(`Bearer ${READ}`)).not.toBe(tokens.bearerOf(`Bearer ${INGEST}`));
    expect(tokens.bearerOf('Bearer guess-1-0123456789')).toBe(tokens.bearerOf('Bearer guess-2-0123456789'));
    expect(tokens.bearerOf(undefined)).toBe(tokens.bearerOf('Bearer guess-1-0123456789'));
  });

  it('keep no secret in what is printed of them', () => {
    expect(JSON.stringify(tokens)).not.toContain(READ);
  });
});

describe('tokens that are read', () => {
  it('come from the environment, the file, or both', () => {
    const file = tokenFile(`ingest ${INGEST}\n`);
    const tokens = Tokens.read({ MAPIPE_READ_TOKEN: READ }, file);
    expect(tokens.access(`Bearer ${READ}`, 'read')).toEqual({ kind: 'allowed' });
    expect(tokens.access(`Bearer ${INGEST}`, 'ingest')).toEqual({ kind: 'allowed' });
    expect(Tokens.read({}, null).required).toBe(false);
    expect(Tokens.read({ MAPIPE_READ_TOKEN: '' }, null).required).toBe(false);
  });

  it('may be many of one scope, so that one can be withdrawn', () => {
    const other = 'another-token-0123456789';
    const tokens = Tokens.read({}, tokenFile(`read ${READ}\nread ${other}\n`));
    for (const token of [READ, other])
      expect(tokens.access(`Bearer ${token}`, 'read')).toEqual({ kind: 'allowed' });
  });

  it.each([
    ['fifteen', 'x'.repeat(15), false],
    ['sixteen', 'x'.repeat(16), true],
  ])('need sixteen characters (%s)', (_, secret, isTaken) => {
    const read = (): Tokens => Tokens.read({ MAPIPE_READ_TOKEN: secret }, null);
    if (isTaken) expect(read().required).toBe(true);
    else expect(read).toThrow(/MAPIPE_READ_TOKEN must be a token of at least 16/);
  });

  it.each(['with space 0123456789', 'tab\t0123456789abcdef', 'newline\n0123456789abc', 'ünïcode-0123456789'])(
    'are refused where a header cannot hold them: %j',
    (secret) => {
      expect(() => Tokens.read({ MAPIPE_INGEST_TOKEN: secret }, null)).toThrow(/MAPIPE_INGEST_TOKEN/);
    },
  );

  it.each([0o644, 0o640, 0o604, 0o620, 0o602, 0o610, 0o777])('are refused from a file of mode %o', (mode) => {
    expect(() => Tokens.read({}, tokenFile(`read ${READ}\n`, mode))).toThrow(/readable by its owner only/);
  });

  it.each([
    ['read short\n', /line 1 of .* must be a token of at least 16/],
    [`read ${READ}\nwrite ${INGEST}\n`, /line 2 of .* must be "read TOKEN" or "ingest TOKEN"/],
    [`${READ}\n`, /line 1 of .* must be "read TOKEN"/],
    [`read ${READ} ${READ}\n`, /line 1 of .* must be "read TOKEN"/],
    ['# nothing\n', /holds no token/],
    ['', /holds no token/],
  ])('are refused from a file that holds %j', (text, message) => {
    expect(() => Tokens.read({}, tokenFile(text))).toThrow(message);
  });

  it('are judged by the file that a link leads to', () => {
    const file = tokenFile(`read ${READ}\n`, 0o644);
    symlinkSync(file, `${file}.link`);
    expect(() => Tokens.read({}, `${file}.link`)).toThrow(/readable by its owner only/);
  });

  it('are refused from a folder, and never shown in what is said of a line', () => {
    const folder = join(temporaryFolder(), 'folder');
    mkdirSync(folder, { mode: 0o700 });
    expect(() => Tokens.read({}, folder)).toThrow(/cannot be read/);
    const wrong = (): Tokens => Tokens.read({}, tokenFile(`reed ${READ}\n`));
    expect(wrong).toThrow(/line 1 of /);
    expect(wrong).not.toThrow(READ);
  });
});
