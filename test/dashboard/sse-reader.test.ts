import { expect, test } from 'vitest';
import { ServerEventParser, type ServerEvent } from '../../src/dashboard/sse-reader.js';

const STREAM =
  'retry: 2000\n\n: heartbeat\n\nevent: totals\nid: 7\ndata: {"a":\ndata: 1}\n\ndata:plain\r\n\r\nid: 8\n\nevent: x\n';
const EVENTS: ServerEvent[] = [
  { event: 'totals', data: '{"a":\n1}', id: '7' },
  { event: 'message', data: 'plain', id: '7' },
];

test('reads events, skips comments, waits for what is not complete', () => {
  expect(new ServerEventParser().push(STREAM)).toEqual(EVENTS);
});

test('reads the same however the bytes are cut', () => {
  const parser = new ServerEventParser();
  expect(Array.from(STREAM).flatMap((character) => parser.push(character))).toEqual(EVENTS);
});
