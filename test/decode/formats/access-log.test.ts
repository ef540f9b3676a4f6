import { describe, expect, it } from 'vitest';
import type { DecodeOptions } from '../../../src/decode/format.js';
import { combined, common } from '../../../src/decode/formats/access-log.js';
import { parseGoal, type Goal } from '../../../src/decode/goal.js';
import { murmur3 } from '../../event/murmur3.js';
import { utc } from '../../event/utc.js';
import { decodeEvent, decodeLine, decodeText } from '../decoding.js';

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

interface Parts {
  readonly target?: string;
  readonly status?: number;
  readonly time?: string;
  readonly agent?: string;
  readonly start?: string;
  readonly end?: string;
}

function logLine(parts: Parts = {}): string {
  const {
    target = '/?utm_campaign=summer',
    status = 200,
    time = '01/Jun/2026:12:00:00 +0000',
    agent = AGENT,
  } = parts;
  const { start = '203.0.113.7 - -', end = '' } = parts;
  return `${start} [${time}] "GET ${target} HTTP/1.1" ${status} 512 "https://ref.example/" "${agent}"${end}`;
}

function event(parts: Parts, options: Partial<DecodeOptions> = {}): ReturnType<typeof decodeEvent> {
  return decodeEvent('combined', logLine(parts), options);
}

function outcome(parts: Parts, options: Partial<DecodeOptions> = {}): ReturnType<typeof decodeLine> {
  return decodeLine('combined', logLine(parts), options);
}

function goal(text: string): Goal {
  const parsed = parseGoal(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

/** The first 64 bits of the MurmurHash3 of both, the high word first. */
function visitor(address: string, agent: string): string {
  const [low = 0n, high = 0n] = murmur3(Buffer.from(`${address}\0${agent}`, 'utf8'));
  return [high, low].map((word) => word.toString(16).padStart(8, '0')).join('');
}

describe('a request with a campaign in its URL', () => {
  it('is a click', () => {
    const target =
      '/shop?utm_campaign=Summer&utm_source=Google&utm_medium=CPC&utm_content=Banner&utm_term=Shoes&p=2#top';
    expect(event({ target })).toEqual({
      type: 'click',
      timestampMicros: utc('2026-06-01T12:00:00Z'),
      amountMicros: 0n,
      campaign_id: 'Summer',
      source: 'google',
      medium: 'cpc',
      ad_id: 'Banner',
      term: 'Shoes',
      user_id: visitor('203.0.113.7', AGENT),
    });
  });

  it.each([
    ['utm_campaign=summer+sale', 'summer sale'],
    ['utm_campaign=summer%20sale%21', 'summer sale!'],
    ['utm_campaign=%C3%A9t%C3%A9', 'été'],
    ['utm_campaign=50%2525', '50%25'],
    ['utm_campaign=%ZZ', '%ZZ'],
    ['utm_campaign=a%00b', 'a\0b'],
    ['utm_campaign=100%', '100%'],
    ['utm_campaign=a%26utm_source%3Db', 'a&utm_source=b'],
    ['mtm_campaign=m', 'm'],
    ['pk_campaign=p', 'p'],
    ['utm_id=42', '42'],
    ['utm_id=42&utm_campaign=u', 'u'],
    ['pk_campaign=p&mtm_campaign=m&utm_campaign=u', 'u'],
    ['utm_campaign=&mtm_campaign=m', 'm'],
    ['utm_campaign=first&utm_campaign=second', 'first'],
    ['utm_campaign=__proto__', '__proto__'],
  ])('of %s is one for %j', (query, campaign_id) => {
    expect(event({ target: `/?${query}` })).toMatchObject({ type: 'click', campaign_id });
  });

  it('knows the parameters of Matomo and Piwik', () => {
    const matomo = '/?mtm_campaign=c&mtm_source=s&mtm_medium=m&mtm_content=a&mtm_keyword=k';
    const expected = { campaign_id: 'c', source: 's', medium: 'm', ad_id: 'a', term: 'k' };
    expect(event({ target: matomo })).toMatchObject(expected);
    expect(event({ target: matomo.replaceAll('mtm_', 'pk_') })).toMatchObject(expected);
  });

  it('has no campaign set where only other parameters are', () => {
    expect(event({ target: '/?utm_source=news' })).toMatchObject({
      campaign_id: '(not set)',
      source: 'news',
    });
  });
});

describe('a request with a click id', () => {
  it.each([
    ['gclid', 'google', 'cpc'],
    ['gbraid', 'google', 'cpc'],
    ['wbraid', 'google', 'cpc'],
    ['msclkid', 'bing', 'cpc'],
    ['yclid', 'yandex', 'cpc'],
  ])('%s alone is a click from %s, paid', (kind, source, medium) => {
    expect(event({ target: `/?${kind}=EAIa-_9` })).toMatchObject({
      type: 'click',
      campaign_id: '(not set)',
      source,
      medium,
      click_id: 'EAIa-_9',
      click_id_kind: kind,
    });
  });

  it.each(['dclid', 'ttclid', 'twclid', 'li_fat_id', 'rdt_cid', 'epik', 'sccid', 'ScCid', 'qclid', 'irclid'])(
    '%s alone is a click',
    (kind) => {
      expect(event({ target: `/?${kind}=x` })).toMatchObject({ type: 'click', click_id_kind: kind });
    },
  );

  it('fbclid alone is a page view, as Meta adds it to every link', () => {
    expect(outcome({ target: '/?fbclid=IwAR0x' })).toEqual({ kind: 'ignore', reason: 'page_view' });
  });

  it('fbclid with a campaign is a click that keeps it, and is not made a paid one', () => {
    const click = event({ target: '/?utm_campaign=c&fbclid=IwAR0x' });
    expect(click).toMatchObject({ campaign_id: 'c', click_id: 'IwAR0x', click_id_kind: 'fbclid' });
    expect(click).not.toHaveProperty('medium');
    expect(click).not.toHaveProperty('source');
  });

  it('leaves what the link itself says as it is', () => {
    expect(event({ target: '/?gclid=G&utm_source=news&utm_campaign=c&utm_medium=email' })).toMatchObject({
      source: 'news',
      medium: 'email',
      campaign_id: 'c',
      click_id: 'G',
    });
  });
});

describe('other requests', () => {
  it.each(['/', '/shop?page=2', '/?', '/?utm_campaign=', '/utm_campaign=x', '*'])(
    'for %s is a page view',
    (target) => {
      expect(outcome({ target })).toEqual({ kind: 'ignore', reason: 'page_view' });
    },
  );

  it.each([400, 403, 404, 408, 410, 429, 500, 503, 100, 199])('answered with %s does not count', (status) => {
    expect(outcome({ status })).toEqual({ kind: 'ignore', reason: 'failed_request' });
  });

  it.each([200, 204, 206, 301, 302, 304, 307, 308])('answered with %s counts', (status) => {
    expect(outcome({ status })).toMatchObject({ kind: 'event' });
  });

  it.each([
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'curl/8.5.0',
  ])('by the bot %s is ignored, unless bots are asked for', (agent) => {
    expect(outcome({ agent })).toEqual({ kind: 'ignore', reason: 'bot' });
    expect(outcome({ agent }, { includeBots: true })).toMatchObject({ kind: 'event' });
  });
});

describe('a request that a goal matches', () => {
  const goals = [goal('/thank-you?amount=total&order_id=oid'), goal('/done/*')];

  it('is a conversion with what its parameters hold', () => {
    const target = '/thank-you?total=99.99&oid=o%2F1&currency=eur&product=shoe&utm_campaign=summer';
    expect(event({ target }, { goals })).toMatchObject({
      type: 'conversion',
      amountMicros: 99_990_000n,
      order_id: 'o/1',
      currency: 'EUR',
      product: 'shoe',
      campaign_id: 'summer',
    });
  });

  it('reads a field that the goal names from that parameter only', () => {
    expect(event({ target: '/thank-you?amount=5&order_id=x' }, { goals })).toMatchObject({
      amountMicros: 0n,
    });
    expect(event({ target: '/thank-you?amount=5&order_id=x' }, { goals })).not.toHaveProperty('order_id');
  });

  it('reads the others under their usual names', () => {
    expect(event({ target: '/done/1?value=5.5&transaction_id=t1' }, { goals })).toMatchObject({
      amountMicros: 5_500_000n,
      order_id: 't1',
    });
  });

  it('counts as the user of a parameter that the goal names', () => {
    const withUser = [goal('/thank-you?user_id=customer')];
    expect(event({ target: '/thank-you?customer=c7' }, { goals: withUser })).toMatchObject({ user_id: 'c7' });
  });

  it('without a campaign is a conversion all the same', () => {
    const conversion = event({ target: '/thank-you' }, { goals });
    expect(conversion).toMatchObject({ type: 'conversion', amountMicros: 0n, currency: 'USD' });
    expect(conversion).not.toHaveProperty('campaign_id');
  });

  it('is refused where its amount is none', () => {
    expect(outcome({ target: '/thank-you?total=1,234.56' }, { goals })).toMatchObject({
      reason: 'invalid_amount',
    });
    expect(outcome({ target: '/thank-you?total=-5' }, { goals })).toMatchObject({
      reason: 'negative_amount',
    });
  });

  it('does not count where it failed', () => {
    expect(outcome({ target: '/thank-you?total=5', status: 500 }, { goals })).toEqual({
      kind: 'ignore',
      reason: 'failed_request',
    });
  });
});

describe('the time of a request', () => {
  it.each([
    ['01/Jun/2026:12:00:00 +0530', '2026-06-01T06:30:00Z'],
    ['01/Jun/2026:12:00:00 -0800', '2026-06-01T20:00:00Z'],
    ['01/Jan/2026:00:30:00 +0545', '2025-12-31T18:45:00Z'],
    ['29/Feb/2024:23:59:59 +0000', '2024-02-29T23:59:59Z'],
    ['31/Dec/2016:23:59:60 +0000', '2017-01-01T00:00:00Z'],
  ])('%s is %s', (time, moment) => {
    expect(event({ time }, { inputZone: 'Asia/Tokyo' })).toMatchObject({ timestampMicros: utc(moment) });
  });

  it('is not one that mapipe had to stamp', () => {
    expect(outcome({})).toMatchObject({ kind: 'event', stamped: false });
  });

  it.each([
    ...[
      '31/Feb/2026:12:00:00 +0000',
      '01/Foo/2026:12:00:00 +0000',
      '01/Jun/2026:24:00:00 +0000',
      'yesterday',
    ],
    ...[
      '29/Feb/2023:12:00:00 +0000',
      '01/Jun/2026:12:00:00',
      '01/Jun/2026:12:00:00 +2500',
      '2026-06-01T12:00:00Z',
    ],
  ])('%s is refused', (time) => {
    expect(outcome({ time })).toEqual({ kind: 'reject', reason: 'invalid_timestamp', detail: time });
  });
});

describe('the line of a request', () => {
  it.each([
    '203.0.113.7 - - ',
    '203.0.113.7 - alice ',
    '2001:db8::1 - - ',
    'shop.example:443 203.0.113.7 - - ',
    'host.example ident alice ',
  ])('may start with %s', (start) => {
    expect(event({ start: start.trimEnd() })).toMatchObject({ campaign_id: 'summer' });
  });

  it('of a virtual host has the same user as one without', () => {
    const plain = event({});
    expect(event({ start: 'shop.example:443 203.0.113.7 - -' }).user_id).toBe(plain.user_id);
    expect(event({ start: '203.0.113.8 - -' }).user_id).not.toBe(plain.user_id);
    expect(event({ agent: `${AGENT}!` }).user_id).not.toBe(plain.user_id);
  });

  it('tells visitors apart by address though the name they logged in with has a blank in it', () => {
    const [one, two] = ['203.0.113.7', '203.0.113.8'].map((address) =>
      event({ start: `${address} - john doe` }),
    );
    expect(one?.user_id).toBe(event({}).user_id);
    expect(two?.user_id).not.toBe(one?.user_id);
  });

  it('may have escaped quotes in what clients send, and fields after the agent', () => {
    expect(event({ agent: 'Mozilla/5.0 \\"quoted\\" \\\\', end: ' "-" 0.003' })).toMatchObject({
      campaign_id: 'summer',
    });
    expect(event({ target: '/?utm_campaign=summer&q=\\"x\\"' })).toMatchObject({ campaign_id: 'summer' });
  });

  it('may hold U+2028, which ends no line', () => {
    expect(event({ agent: 'Mozilla/5.0 \u2028 x' })).toMatchObject({ campaign_id: 'summer' });
    expect(event({ end: ' "uid=a\u2028b"' })).toMatchObject({ campaign_id: 'summer' });
    expect(event({ agent: 'Mozilla/5.0 \\\u2028 x' })).toMatchObject({ campaign_id: 'summer' });
  });

  it('may have no size, as for a 304', () => {
    const line = logLine({ status: 304 }).replace(' 512 ', ' - ');
    expect(decodeLine('combined', line)).toMatchObject({ kind: 'event' });
  });

  it('in common format has neither referer nor agent', () => {
    const line = '203.0.113.7 - - [01/Jun/2026:12:00:00 +0000] "GET /?utm_campaign=c HTTP/1.0" 200 17';
    expect(decodeEvent('common', line)).toMatchObject({ type: 'click', campaign_id: 'c' });
  });

  it.each([
    'not a log line',
    '',
    '203.0.113.7 - - [01/Jun/2026:12:00:00 +0000] "GET / HTTP/1.1" 200',
    '203.0.113.7 - - "GET / HTTP/1.1" 200 5',
    `${logLine()} "open`.replace('"https', 'https'),
  ])('%j is refused', (line) => {
    expect(decodeLine('combined', line)).toEqual({ kind: 'reject', reason: 'invalid_access_log' });
  });

  it.each(['"-" 408 0', '"" 400 0', '"\\x16\\x03\\x01" 400 157'])(
    'of no request, %s, is a failed one',
    (request) => {
      expect(
        decodeLine('combined', `203.0.113.7 - - [01/Jun/2026:12:00:00 +0000] ${request} "-" "-"`),
      ).toEqual({
        kind: 'ignore',
        reason: 'failed_request',
      });
    },
  );

  it('may be a JSON event, which is understood wherever it stands', async () => {
    const json = '{"type":"click","campaign_id":"json","user_id":"u"}';
    const decoded = await decodeText('combined', [logLine(), json, `INFO ${json}`, '{"x":1}', ''].join('\n'));
    expect(decoded.events.map(({ campaign_id }) => campaign_id)).toEqual(['summer', 'json', 'json']);
    expect(decoded.rejects).toMatchObject([{ line: 4, reason: 'invalid_access_log' }]);
  });
});

describe('the mapping that the user gives', () => {
  it('finds a user in the query or in a cookie that is logged after the agent', () => {
    const target = '/?utm_campaign=c&uid=q7';
    expect(event({ target }, { fieldPaths: new Map([['user_id', 'query.uid']]) })).toMatchObject({
      user_id: 'q7',
    });
    const end = ' "sid=1; uid=c9; theme=dark"';
    expect(event({ end }, { fieldPaths: new Map([['user_id', 'cookie.uid']]) })).toMatchObject({
      user_id: 'c9',
    });
  });

  it('finds the parts of a line by name', () => {
    const start = 'shop.example:443 203.0.113.7 - alice';
    const part = (name: string): string | undefined =>
      event({ start }, { fieldPaths: new Map([['product', name]]) }).product;
    expect(['virtual_host', 'address', 'remote_user', 'path', 'referer', 'agent'].map(part)).toEqual([
      'shop.example:443',
      '203.0.113.7',
      'alice',
      '/',
      'https://ref.example/',
      AGENT,
    ]);
    expect(['constructor', '__proto__', 'none', 'query.none', 'cookie.none'].map(part)).toEqual(
      Array.from({ length: 5 }, () => undefined),
    );
  });

  it('leaves the derived user to stand where it finds none', () => {
    const mapped = event({}, { fieldPaths: new Map([['user_id', 'query.uid']]) });
    expect(mapped.user_id).toBe(event({}).user_id);
    expect(event({}, { fieldPaths: new Map([['user_id', 'remote_user']]) }).user_id).toBe(mapped.user_id);
  });
});

describe('the first lines of an input', () => {
  it('are combined with an agent and common without', () => {
    const plain = '203.0.113.7 - - [01/Jun/2026:12:00:00 +0000] "GET / HTTP/1.0" 200 17';
    const lines = [logLine(), logLine({ start: 'host 1.2.3.4 - -' }), plain, 'x'];
    expect(combined.countRecognised(lines)).toBe(2);
    expect(common.countRecognised(lines)).toBe(1);
  });
});
