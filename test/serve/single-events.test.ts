/** `POST /api/click` and `POST /api/conversion`, as a shop's back end sends them, against what the command line then reports. */
import { describe, expect, it } from 'vitest';
import { report, run, type ReportBody } from '../support/cli.js';
import { expectProblem, post, sharedServer, startServer, type RunningServer } from '../support/server.js';

const CLICK = {
  campaign_id: 'summer_sale',
  user_id: 'customer_123',
  source: 'google',
  ad_id: 'banner_ad_456',
};
const CONVERSION = {
  campaign_id: 'summer_sale',
  user_id: 'customer_123',
  amount: 99.99,
  product: 'premium_package',
};

/** Revenue by campaign, as the command line writes it: text, so that no float comes near it. */
async function revenueTexts({ store }: RunningServer): Promise<Map<string, string>> {
  const { stdout } = await run(['report', '--json'], { store });
  const rows = stdout.matchAll(/"campaign_id": ("[^\n]*"),[^}]*?"revenue": ([^,\n]+)/g);
  return new Map([...rows].map(([, name = '""', revenue = '']) => [JSON.parse(name) as string, revenue]));
}

async function campaignRow({ url }: RunningServer, campaign: string): Promise<unknown> {
  const { campaigns } = (await (await fetch(`${url}/api/analytics`)).json()) as ReportBody;
  return campaigns.find(({ campaign_id }) => campaign_id === campaign);
}

describe('a click and a conversion', () => {
  it('are stored, answered with 201, and counted under their campaign, source, ad and product', async () => {
    const server = await startServer();
    const click = await post(`${server.url}/api/click`, CLICK);
    expect([click.status, await click.json()]).toEqual([201, { status: 'stored' }]);
    const conversion = await post(`${server.url}/api/conversion`, CONVERSION);
    expect([conversion.status, await conversion.json()]).toEqual([201, { status: 'stored' }]);
    const { totals, breakdowns } = await report(server.store, '--campaign', 'summer_sale');
    expect(totals).toMatchObject({ clicks: 1, conversions: 1, revenue: 99.99, unique_users: 1 });
    expect(breakdowns).toMatchObject({
      source: [{ key: 'google', clicks: 1, conversions: 1 }],
      ad_id: [{ key: 'banner_ad_456', clicks: 1, conversions: 1 }],
      product: [{ key: 'premium_package', conversions: 1, revenue: 99.99 }],
    });
  });

  it('get the moment of receipt where they name none', async () => {
    const server = await startServer();
    const before = Date.now();
    await post(`${server.url}/api/click`, CLICK);
    const after = Date.now();
    const { totals } = await report(server.store);
    const at = Date.parse(String(totals['first_event_at']));
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(after);
  });
});

describe('on a server', () => {
  const server = sharedServer();
  const click = (body: string | object): Promise<Response> => post(`${server().url}/api/click`, body);
  const conversion = (body: string | object): Promise<Response> =>
    post(`${server().url}/api/conversion`, body);

  it('an event with a known event_id or order_id is answered 200 and adds nothing', async () => {
    expect((await click({ ...CLICK, campaign_id: 'dup', event_id: 'e1' })).status).toBe(201);
    const again = await click({ ...CLICK, campaign_id: 'dup', event_id: 'e1', user_id: 'other' });
    expect([again.status, await again.json()]).toEqual([200, { status: 'duplicate' }]);
    expect((await conversion({ ...CONVERSION, campaign_id: 'dup', order_id: 'o1' })).status).toBe(201);
    expect((await conversion({ ...CONVERSION, campaign_id: 'dup', order_id: 'o1', amount: 5 })).status).toBe(
      200,
    );
    expect(await campaignRow(server(), 'dup')).toMatchObject({ clicks: 1, conversions: 1, revenue: 99.99 });
  });

  it('a repeated order_id is known in whatever order and however often it comes, and others are not', async () => {
    const answers = [];
    for (const order_id of ['a', 'b', 'a', 'c', 'b', 'a']) {
      answers.push((await conversion({ campaign_id: 'orders', user_id: 'u', amount: 1, order_id })).status);
    }
    expect(answers).toEqual([201, 201, 200, 201, 200, 200]);
  });

  it('of many with one event_id at the very same time one is stored and the others are duplicates', async () => {
    const events = Array.from({ length: 20 }, (_, i) =>
      click({ campaign_id: 'race', user_id: `u${i}`, event_id: 'the one' }),
    );
    const statuses = (await Promise.all(events)).map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    expect(await campaignRow(server(), 'race')).toMatchObject({ clicks: 1 });
  });

  it('two hundred events at once without identities are all stored', async () => {
    const events = Array.from({ length: 200 }, (_, i) => click({ campaign_id: 'many', user_id: `u${i}` }));
    expect(new Set((await Promise.all(events)).map(({ status }) => status))).toEqual(new Set([201]));
    expect(await campaignRow(server(), 'many')).toMatchObject({ clicks: 200, unique_users: 200 });
  });

  it('amounts arrive to the micro, and add up exactly', async () => {
    for (let i = 0; i < 3; i++) {
      for (const amount of [0.1, 0.2])
        await conversion({ campaign_id: 'cents', user_id: 'u', amount, order_id: `c${i} ${amount}` });
    }
    const exact = [
      ['9007199254.740993', '9007199254.740993'],
      ['9223372036854.775807', '9223372036854.775807'],
      ['0.000001', '0.000001'],
      ['1e2', '100.00'],
      ['"12.50"', '12.50'],
      ['99.990000000', '99.99'],
    ] as const;
    for (const [amount] of exact) {
      const campaign_id = JSON.stringify(`exact ${amount}`);
      const body = `{"campaign_id":${campaign_id},"user_id":"u","amount":${amount}}`;
      expect((await conversion(body)).status, amount).toBe(201);
    }
    const revenues = await revenueTexts(server());
    // 3 × (0.1 + 0.2), which floats make 0.9000000000000001 of.
    expect(revenues.get('cents')).toBe('0.90');
    for (const [amount, revenue] of exact) expect(revenues.get(`exact ${amount}`)).toBe(revenue);
  });

  it.each(['9007199254740993.123456', '9223372036854.775808', '1e308'])(
    'an amount of %s is more than one event can hold, and refused',
    async (amount) => {
      const refused = await conversion(`{"campaign_id":"large","user_id":"u","amount":${amount}}`);
      expect(await expectProblem(refused, 422, 'invalid-event')).toMatchObject({
        errors: [{ field: 'amount', reason: 'amount_out_of_range' }],
      });
    },
  );

  it('the answer to an analytics question holds those amounts to the micro too', async () => {
    await conversion('{"campaign_id":"micro","user_id":"u","amount":9007199254740.993123}');
    const answer = await (await fetch(`${server().url}/api/analytics?campaign_id=micro`)).text();
    expect(/"revenue": ([^,\n]+)/.exec(answer)?.[1]).toBe('9007199254740.993123');
  });

  it.each([
    [
      { campaign: 'alias', uid: 'u1', utm_source: 'Google', utm_content: 'banner' },
      { source: 'google', ad_id: 'banner' },
    ],
    [{ utm_campaign: 'alias', customer_id: 'u2', utm_medium: 'CPC' }, { medium: 'cpc' }],
    [{ campaignId: 'alias', userId: 'u3', adId: 'x', ts: 1_780_272_000 }, { ad_id: 'x' }],
  ])('the field names of other tools are understood: %j', async (body, expected) => {
    expect((await click(body)).status).toBe(201);
    const answer = await fetch(`${server().url}/api/events?campaign_id=alias&limit=200`);
    const { events } = (await answer.json()) as { events: Record<string, unknown>[] };
    expect(events).toContainEqual(expect.objectContaining({ campaign_id: 'alias', ...expected }));
  });

  it('a GA4 purchase is a conversion', async () => {
    const body =
      '{"event":"purchase","utm_campaign":"ga4","client_id":"u","value":12.34,"transaction_id":"T1"}';
    expect((await conversion(body)).status).toBe(201);
    expect((await conversion(body)).status).toBe(200);
    expect(await campaignRow(server(), 'ga4')).toMatchObject({ conversions: 1, revenue: 12.34 });
  });

  it('every fault of an event is named at once, with its field', async () => {
    const faulty = { type: 'banana', timestamp: 'yesterday-ish', amount: 'a lot', currency: 'dollars' };
    const { errors = [], detail } = await expectProblem(await conversion(faulty), 422, 'invalid-event');
    expect(errors.map(({ field, reason }) => [field, reason])).toEqual([
      ['type', 'unexpected_type'],
      ['user_id', 'missing_user_id'],
      ['timestamp', 'invalid_timestamp'],
      ['amount', 'invalid_amount'],
      ['currency', 'invalid_currency'],
    ]);
    for (const got of ['banana', 'yesterday-ish', 'a lot', 'dollars']) expect(detail).toContain(got);
  });

  it('a field that is no text is named together with the other faults', async () => {
    const faulty = { user_id: {}, campaign_id: ['a'], timestamp: 'never' };
    const { errors = [] } = await expectProblem(await click(faulty), 422, 'invalid-event');
    expect(errors.map(({ field, reason }) => [field, reason])).toEqual(
      expect.arrayContaining([
        ['user_id', 'invalid_field'],
        ['campaign_id', 'invalid_field'],
        ['timestamp', 'invalid_timestamp'],
      ]),
    );
  });

  it.each([
    ['click', { user_id: 'u' }, 'campaign_id', 'missing_campaign_id'],
    ['click', { campaign_id: 'c' }, 'user_id', 'missing_user_id'],
    ['click', { campaign_id: '', user_id: 'u' }, 'campaign_id', 'missing_campaign_id'],
    ['click', { campaign_id: null, user_id: 'u' }, 'campaign_id', 'missing_campaign_id'],
    ['conversion', { user_id: 'u', amount: -1 }, 'amount', 'negative_amount'],
    ['conversion', { user_id: 'u', amount: '1,234.56' }, 'amount', 'invalid_amount'],
    ['conversion', { user_id: 'u', amount: 0.0000001 }, 'amount', 'invalid_amount'],
    ['conversion', { user_id: 'u', amount: 1e308 }, 'amount', 'amount_out_of_range'],
    ['conversion', { user_id: 'u', amount: 'NaN' }, 'amount', 'invalid_amount'],
    ['conversion', { user_id: 'u', amount: 1, currency: 'EURO' }, 'currency', 'invalid_currency'],
    ['click', { user_id: 'u', campaign_id: 'c', type: 'conversion' }, 'type', 'unexpected_type'],
    ['conversion', { user_id: 'u', amount: 1, type: 'refund' }, 'type', 'unexpected_type'],
    ['click', { user_id: 'u', campaign_id: 'c', timestamp: '2026-02-30' }, 'timestamp', 'invalid_timestamp'],
  ])('a %s of %j is refused for its %s', async (type, body, field, reason) => {
    const refused = await post(`${server().url}/api/${type}`, body);
    expect(await expectProblem(refused, 422, 'invalid-event')).toMatchObject({ errors: [{ field, reason }] });
  });

  it('what is refused leaves nothing in the store', async () => {
    await click({ campaign_id: 'refused', timestamp: 'never' });
    expect(await campaignRow(server(), 'refused')).toBeUndefined();
  });

  it.each(['', ' ', 'null', '[]', '"text"', '42', '{', '{"a":1}{"a":2}', "{'a':1}"])(
    'a body of %j is no JSON object, and refused',
    async (body) => {
      expect((await expectProblem(await click(body), 400, 'invalid-json')).hint).toContain('summer_sale');
    },
  );
});

describe('the event in a question', () => {
  const server = sharedServer();

  it('comes back with every field that was sent, newest first', async () => {
    const { url } = server();
    await post(`${url}/api/click`, { ...CLICK, medium: 'CPC', term: 'shoes', timestamp: 1_780_272_000 });
    await post(`${url}/api/conversion`, {
      ...CONVERSION,
      currency: 'eur',
      timestamp: '2026-06-01T02:00:00+02:00',
      order_id: 'secret order',
    });
    const answer = await fetch(`${url}/api/events`);
    expect(await answer.json()).toEqual({
      schema: 'mapipe.events/1',
      events: [
        {
          type: 'conversion',
          timestamp: '2026-06-01T00:00:00.000Z',
          campaign_id: 'summer_sale',
          user_id: 'customer_123',
          source: 'google',
          medium: 'cpc',
          ad_id: 'banner_ad_456',
          term: 'shoes',
          product: 'premium_package',
          amount: 99.99,
          currency: 'EUR',
        },
        {
          type: 'click',
          timestamp: '2026-06-01T00:00:00.000Z',
          ...CLICK,
          medium: 'cpc',
          term: 'shoes',
          product: null,
          amount: null,
          currency: null,
        },
      ],
    });
  });

  it('is one of at most `limit`, and there is a limit to the limit', async () => {
    const { url } = server();
    const one = (await (await fetch(`${url}/api/events?limit=1`)).json()) as { events: unknown[] };
    expect(one.events).toHaveLength(1);
    for (const limit of ['0', '-1', '201', '1e2', 'x']) {
      await expectProblem(await fetch(`${url}/api/events?limit=${limit}`), 400, 'invalid-question');
    }
  });
});
