import { describe, expect, test } from 'vitest';
import { analyticsPath, eventsPath, reportCommand, type Question } from '../../src/dashboard/question.js';

const QUESTION: Question = {
  period: { since: '2026-06-01', until: '2026-06-15' },
  filters: new Map([
    ['campaign', 'summer_sale'],
    ['ad', 'banner & co'],
    ['product', null],
  ]),
  zone: 'Europe/Berlin',
};

test('asks the server for what is looked at, under its own names', () => {
  expect(analyticsPath(QUESTION)).toBe(
    '/api/analytics?since=2026-06-01&until=2026-06-15&tz=Europe%2FBerlin&campaign_id=summer_sale' +
      '&ad_id=banner+%26+co&product=&by=campaign%2Csource%2Cmedium%2Cad_id%2Cproduct&timeline=true&limit=500',
  );
  expect(eventsPath({ period: { since: null, until: null }, filters: new Map(), zone: 'UTC' }, 20)).toBe(
    '/api/events?tz=UTC&limit=20',
  );
});

describe('reportCommand', () => {
  const command = (question: Partial<Question>): string =>
    reportCommand('mapipe report', {
      period: { since: null, until: null },
      filters: new Map(),
      zone: 'UTC',
      ...question,
    });

  test('asks the same on the command line', () => {
    expect(reportCommand('mapipe report --store /srv/x.duckdb', QUESTION)).toBe(
      'mapipe report --store /srv/x.duckdb --since 2026-06-01 --until 2026-06-15 --campaign summer_sale' +
        " --where 'ad_id=banner & co' --where product= --tz Europe/Berlin",
    );
    expect(command({})).toBe('mapipe report --tz UTC');
  });

  test('keeps a name that looks like an option or like a command from being one', () => {
    expect(command({ filters: new Map([['campaign', '--store=/etc/passwd']]) })).toBe(
      'mapipe report --campaign=--store=/etc/passwd --tz UTC',
    );
    expect(command({ filters: new Map([['campaign', "x'; rm -rf ~ #"]]) })).toBe(
      `mapipe report --campaign 'x'\\''; rm -rf ~ #' --tz UTC`,
    );
  });
});
