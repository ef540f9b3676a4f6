/** Tells a screen reader what changed, politely and seldom: a live page would otherwise never stop talking. */
import { find, setText } from './dom.js';

const LIVE_PAUSE_MS = 60_000;
let lastAtMs = 0;

export function announce(text: string, live: boolean): void {
  const now = Date.now();
  if (live && now - lastAtMs < LIVE_PAUSE_MS) return;
  lastAtMs = now;
  setText(find('#announcer', HTMLElement), text);
}
