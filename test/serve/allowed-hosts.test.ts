import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AllowedHosts, isLoopback } from '../../src/serve/allowed-hosts.js';

describe('a loopback address', () => {
  it.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.0.0.2', '127.255.255.254', '::1', '[::1]'])(
    'is %s',
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each([
    ...['0.0.0.0', '::', '192.168.0.1', '10.127.0.1', '128.0.0.1', '127.0.0.1.example', '127.example'],
    ...['localhost.example', 'mylocalhost', '', '127', '127.1', '::2', '::ffff:192.0.2.1', 'example.com'],
  ])('is not %j', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('the hosts of a server on this machine', () => {
  const hosts = new AllowedHosts('127.0.0.1', []);

  it.each(['localhost', 'localhost:8080', 'LocalHost:1', '127.0.0.1:8080', '[::1]', '[::1]:8080'])(
    'are %s',
    (header) => {
      expect(hosts.allows(header)).toBe(true);
    },
  );

  it.each([
    ...[
      undefined,
      '',
      ' ',
      ':',
      ':8080',
      'localhost ',
      ' localhost',
      'localhost.',
      'localhost:',
      'localhost:a',
    ],
    ...['localhost:808080', 'localhost:80:80', 'localhost:80 ', 'localhost\n', 'localhost\0', 'a@localhost'],
    ...['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '::1', '[::1', '::1]', '[::2]'],
    ...[
      '[::1]x',
      '[::1]:80:80',
      '127.0.0.2',
      '0.0.0.0',
      '[::]',
      'localhost,evil.example',
      'http://localhost',
    ],
  ])('are not %j', (header) => {
    expect(hosts.allows(header)).toBe(false);
  });

  it('are none but those, whatever stands before, behind or between', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, behind) => {
        const header = `${before}localhost${behind}`;
        const isOwn = before === '' && /^(:\d{1,5})?$/.test(behind);
        return hosts.allows(header) === isOwn;
      }),
    );
  });
});

describe('the hosts of a server for others', () => {
  it('are every address of the machine where it listens on all', () => {
    for (const wildcard of ['0.0.0.0', '::']) {
      const hosts = new AllowedHosts(wildcard, []);
      for (const { address, family } of Object.values(networkInterfaces()).flatMap((all) => all ?? [])) {
        expect(hosts.allows(family === 'IPv6' ? `[${address}]:80` : `${address}:80`), address).toBe(true);
      }
      expect(hosts.allows('evil.example')).toBe(false);
      expect(hosts.allows(wildcard)).toBe(false);
    }
  });

  it('are the address listened on and the names listed, in any case, and no others', () => {
    const hosts = new AllowedHosts('192.0.2.7', ['Stats.Example.com']);
    for (const header of ['192.0.2.7', '192.0.2.7:80', 'stats.example.com', 'STATS.EXAMPLE.COM:443']) {
      expect(hosts.allows(header), header).toBe(true);
    }
    for (const header of ['192.0.2.8', 'example.com', 'x.stats.example.com', 'stats.example.com.']) {
      expect(hosts.allows(header), header).toBe(false);
    }
  });

  it('write an address of IPv6 in brackets', () => {
    const hosts = new AllowedHosts('2001:db8::7', []);
    expect(hosts.allows('[2001:db8::7]:80')).toBe(true);
    expect(hosts.allows('[2001:DB8::7]')).toBe(true);
    expect(hosts.allows('2001:db8::7')).toBe(false);
  });

  it('never are no name at all', () => {
    expect(new AllowedHosts('', []).allows('')).toBe(false);
    expect(new AllowedHosts('', ['']).allows(':80')).toBe(false);
  });
});
