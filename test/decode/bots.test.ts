import { describe, expect, it } from 'vitest';
import { isBot } from '../../src/decode/bots.js';

describe('isBot', () => {
  it('knows crawlers and tools from browsers, asked once or again', () => {
    const agents: [string, boolean][] = [
      ['Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', true],
      ['GPTBot/1.0', true],
      ['python-requests/2.32.0', true],
      [
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
        false,
      ],
    ];
    for (const [agent, bot] of [...agents, ...agents]) expect(isBot(agent), agent).toBe(bot);
  });

  it('still knows them after more agents than it remembers', () => {
    for (let i = 0; i < 10_001; i++) isBot(`agent ${i}`);
    expect(isBot('GPTBot/1.0')).toBe(true);
  });
});
