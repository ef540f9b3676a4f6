import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashBytes, textKey, writeTextKey } from '../../src/event/hash.js';
import { murmur3 } from './murmur3.js';

function hex(words: Iterable<bigint | number>): string {
  return [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
}

function hashOf(bytes: Uint8Array): string {
  const out = new Uint32Array(4);
  hashBytes(bytes, bytes.length, out, 0);
  return hex(out);
}

describe('the other implementation, which the rest is compared with', () => {
  it('is MurmurHash3 x86_128, as the verification value of SMHasher says', () => {
    // Keys 0, 0 1, 0 1 2, … with seeds 256, 255, …; the first word of the hash of all hashes.
    const keys = Uint8Array.from({ length: 256 }, (_, i) => i);
    const hashes = new Uint32Array(256 * 4);
    for (let length = 0; length < 256; length++)
      hashes.set(murmur3(keys.subarray(0, length), BigInt(256 - length)).map(Number), length * 4);
    expect(murmur3(new Uint8Array(hashes.buffer))[0]).toBe(0xb3ece62an);
  });
});

describe('hashBytes', () => {
  it.each([
    // Published with murmurHash3js and with MurmurHash-Swift.
    ['', '00000000000000000000000000000000'],
    ["I will not buy this tobacconist's, it is scratched.", '9b5b7ba2ef3f7866889adeaf00f3f98e'],
    ['Hello', '2360ae465e6336c6ad45b3f4ad45b3f4'],
    ['Hello Wor', '107e2665706ff8b8eb00bf34e910bf63'],
    ['Hello World!', '6bee9883eb1be4f59dfb7172ae3fbea9'],
    ['Hello World! Hel', '82475db0161f88d8850474822a76794a'],
    ['Hello World! Hell', 'a0cf95de87e61640ad45f08dc508c90a'],
    ['Hello World! Hello World! Hello ', '4855a598c76f875e7760fe307dcc7b58'],
    ['メロス', 'dcfa2df52a3c5ab9d74d6d304e537d23'],
  ])('hashes %j to the published value', (text, expected) => {
    expect(hashOf(Buffer.from(text, 'utf8'))).toBe(expected);
  });

  it('hashes bytes of every length and value as the other implementation does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(hashOf(bytes)).toBe(hex(murmur3(bytes)));
      }),
    );
  });

  it('hashes only as many bytes as it is told, and writes only four words', () => {
    const out = new Uint32Array(6).fill(7);
    hashBytes(Buffer.from('Hello and more that does not count'), 5, out, 1);
    expect([...out]).toEqual([7, 0x2360ae46, 0x5e6336c6, 0xad45b3f4, 0xad45b3f4, 7]);
  });
});

describe('textKey', () => {
  it('is the first 64 bits of the hash of the UTF-8 bytes, low word first', () => {
    expect(textKey('Hello')).toBe(0x5e6336c6_2360ae46n);
    expect(textKey('メロス')).toBe(0x2a3c5ab9_dcfa2df5n);
  });

  it('is never 0, which stands for no text', () => {
    expect(textKey('')).toBe(1n);
  });

  it('agrees with the other implementation on any text, long ones included', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 50 }), (part, times) => {
        const whole = part.repeat(times);
        const [low = 0n, high = 0n] = murmur3(Buffer.from(whole, 'utf8'));
        expect(textKey(whole)).toBe(low === 0n && high === 0n ? 1n : (high << 32n) | low);
      }),
    );
  });

  it('does not carry anything over from a longer text hashed before', () => {
    textKey('é'.repeat(20_000));
    expect(textKey('Hello')).toBe(0x5e6336c6_2360ae46n);
  });

  it('writes a key where it is told', () => {
    const out = new Uint32Array(4);
    writeTextKey('Hello', out, 2);
    expect([...out]).toEqual([0, 0, 0x2360ae46, 0x5e6336c6]);
  });
});
