/** The adapter to isbot: whether a user agent is a known bot, remembered, as agents repeat. */
import { isbot } from 'isbot';

const MAX_REMEMBERED = 10_000;
const remembered = new Map<string, boolean>();

export function isBot(userAgent: string): boolean {
  let bot = remembered.get(userAgent);
  if (bot === undefined) {
    bot = isbot(userAgent);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(userAgent, bot);
  }
  return bot;
}
