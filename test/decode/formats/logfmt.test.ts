import { describe, expect, it } from 'vitest';
import { logfmt } from '../../../src/decode/formats/logfmt.js';
import { utc } from '../../event/utc.js';
import { decodeEvent, decodeLine } from '../decoding.js';

function event(line: string): ReturnType<typeof decodeEvent> {
  return decodeEvent('logfmt', line);
}

describe('a logfmt line', () => {
  it('is the event that its pairs say', () => {
    expect(
      event(
        'ts=2026-06-01T12:00:00Z type=click campaign_id=summer_sale user_id=u1 ad_id="banner 4" level=info ok',
      ),
    ).toEqual({
      type: 'click',
      timestampMicros: utc('2026-06-01T12:00:00Z'),
      amountMicros: 0n,
      campaign_id: 'summer_sale',
      user_id: 'u1',
      ad_id: 'banner 4',
    });
  });

  it('has exact amounts and aliases', () => {
    expect(
      event('event=purchase uid=u1 value=9007199254.740993 transaction_id=t1 currency=EUR'),
    ).toMatchObject({
      type: 'conversion',
      amountMicros: 9_007_199_254_740_993n,
      order_id: 't1',
      currency: 'EUR',
    });
  });

  it('has escapes in its quotes', () => {
    expect(event('user_id=u campaign_id="a \\"b\\" \\\\ c\\td\\n \\u00e9 \\x"')).toMatchObject({
      campaign_id: 'a "b" \\ c\td\n é x',
    });
  });

  it('may have an equals sign in a value, several blanks between pairs and at its ends', () => {
    expect(event('  user_id=u\t campaign_id=a=b==  url=/x?utm=1  ')).toMatchObject({ campaign_id: 'a=b==' });
  });

  it('lets the last of equal keys win, and an empty value count as none', () => {
    expect(event('user_id=u campaign_id=a campaign_id=b source= medium=""')).toMatchObject({
      campaign_id: 'b',
    });
    expect(event('user_id=u campaign_id=a source= medium=""')).not.toHaveProperty('source');
  });

  it('keeps every character above the blank in a bare value, as the logfmt grammar has it', () => {
    expect(event('user_id=u campaign_id=soldes\u00a0été')).toMatchObject({ campaign_id: 'soldes\u00a0été' });
    expect(event('user_id=u campaign_id=夏\u3000セール')).toMatchObject({ campaign_id: '夏\u3000セール' });
  });

  it.each(['no pairs at all', 'a="open', 'a="b"c', '="x"', 'a=b"c"', '{"type":"click"}', 'key'])(
    '%j is refused',
    (line) => {
      expect(decodeLine('logfmt', line)).toEqual({ kind: 'reject', reason: 'invalid_logfmt' });
    },
  );

  it('of pairs that make no event is refused by the rules', () => {
    expect(decodeLine('logfmt', 'level=info msg="started"')).toMatchObject({ reason: 'missing_user_id' });
    expect(decodeLine('logfmt', 'uid=u campaign=c ts=soon')).toMatchObject({ reason: 'invalid_timestamp' });
  });

  it('is not led astray by the names of object members', () => {
    expect(event('__proto__=x constructor=y user_id=u campaign_id=__proto__')).toMatchObject({
      campaign_id: '__proto__',
    });
  });

  it('is read in time that grows with its length, whatever blanks it holds', () => {
    // 200,000 blanks took half a minute; a line may have five times as many.
    const blanks = ' \t'.repeat(100_000);
    const started = performance.now();
    expect(event(`user_id=u${blanks}campaign_id=c${blanks}`)).toMatchObject({ campaign_id: 'c' });
    expect(decodeLine('logfmt', `user_id=u${blanks}"`)).toMatchObject({ reason: 'invalid_logfmt' });
    expect(logfmt.countRecognised([`${blanks}x${blanks}x`])).toBe(0);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('is recognised by two names that mapipe knows', () => {
    expect(
      logfmt.countRecognised([
        'uid=u campaign=c',
        'level=info msg=x',
        'type=click',
        '2026-06-01 uid=u campaign=c',
        'x',
      ]),
    ).toBe(2);
  });
});
