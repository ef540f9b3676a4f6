import { describe, expect, it } from 'vitest';
import { text } from '../../../src/decode/formats/text.js';
import { decodeEvent, decodeLine } from '../decoding.js';

const CLICK = '{"type":"click","campaign_id":"c","user_id":"u","timestamp":"1970-01-01T00:00:01Z"}';

describe('a line of any text log', () => {
  it.each([
    CLICK,
    `2026-06-01 12:00:00 INFO tracked ${CLICK}`,
    `[worker-3] ${CLICK} in 4 ms`,
    `<134>1 2026-06-01T12:00:00Z host app 1 - - ${CLICK}`,
    `événement\u2028 ${CLICK}`,
  ])('%s holds an event', (line) => {
    expect(decodeEvent('text', line)).toMatchObject({
      type: 'click',
      campaign_id: 'c',
      timestampMicros: 1_000_000n,
    });
  });

  it('keeps exact numbers in what stands in the middle of a line', () => {
    expect(
      decodeEvent('text', 'INFO {"user_id":12345678901234567890,"amount":9007199254.740993} done'),
    ).toMatchObject({
      user_id: '12345678901234567890',
      amountMicros: 9_007_199_254_740_993n,
    });
  });

  it.each([
    '2026-06-01 12:00:00 INFO started',
    'config {"port":8080}',
    'half an object {"type":"click"',
    '} backwards {',
    'placeholder {name}',
    'query {"type":"select","user_id":"u"}',
  ])('%s holds none, and is ignored', (line) => {
    expect(decodeLine('text', line)).toEqual({ kind: 'ignore', reason: 'no_event' });
  });

  it('with an event that breaks a rule is refused', () => {
    expect(decodeLine('text', 'INFO {"type":"click","user_id":"u"}')).toEqual({
      kind: 'reject',
      reason: 'missing_campaign_id',
    });
    expect(decodeLine('text', 'INFO {"user_id":"u","amount":-5}')).toMatchObject({
      reason: 'negative_amount',
    });
  });

  it('with another event of the field is ignored as that', () => {
    expect(decodeLine('text', 'INFO {"event":"page_view","user_id":"u"}')).toEqual({
      kind: 'ignore',
      reason: 'other_event',
    });
  });

  it('is recognised by an object in it', () => {
    expect(text.countRecognised([`INFO ${CLICK}`, 'INFO started', '{x}', '{}'])).toBe(2);
  });
});
