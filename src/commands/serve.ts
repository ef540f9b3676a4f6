/** `mapipe serve`: the REST API and the dashboard, on the same store as every other command. */
import type { CommandSpec } from './command.js';
import { DECODE_OPTIONS, INPUT_FORMAT_OPTION } from './decode-options.js';
import { FOLLOW_OPTION } from './follow-option.js';

export const DEFAULT_PORT = 8080;
export const DEFAULT_HOST = '127.0.0.1';

export const serve: CommandSpec = {
  name: 'serve',
  summary: 'Serve the REST API and a live dashboard',
  examples: [
    ['mapipe serve', 'http://localhost:8080 on what was ingested'],
    ['mapipe serve --demo', 'a first look: sample data and simulated visitors'],
    ['mapipe serve access.log', 'ingest a log meanwhile'],
    ['mapipe serve --follow access.log', 'and go on as it grows'],
    ['tail -f app.log | mapipe serve -', 'or a live stream'],
    ['mapipe serve --host 0.0.0.0 --token-file tokens', 'for others, with tokens'],
  ],
  argument: { name: '[inputs...]', description: 'files, globs or - for stdin, to ingest while it serves' },
  options: [
    {
      flags: '--port <n>',
      description: `port to listen on (else PORT, else ${DEFAULT_PORT}; 0: any free one)`,
    },
    {
      flags: '--host <address>',
      description: `address to listen on (default ${DEFAULT_HOST}; others need tokens)`,
    },
    { flags: '--demo', description: 'a throwaway store with the sample and simulated live events' },
    {
      flags: '--token-file <file>',
      description:
        'tokens, lines "read TOKEN" or "ingest TOKEN", mode 0600 (or MAPIPE_READ_TOKEN, MAPIPE_INGEST_TOKEN)',
    },
    {
      flags: '--allow-host <name>',
      description: 'a further host name that requests may use (may be repeated)',
      repeatable: true,
    },
    {
      flags: '--allow-origin <origin>',
      description: 'a web page’s origin that may call the API (may be repeated)',
      repeatable: true,
    },
    {
      flags: '--rate-limit <n>',
      description: 'requests a second of one client (default 2000, and no limit for this machine itself)',
    },
    FOLLOW_OPTION,
    INPUT_FORMAT_OPTION,
    { flags: '--source <name>', description: 'know the input again by this name, not by what it holds' },
    ...DECODE_OPTIONS,
  ],
  load: async () => (await import('./run-serve.js')).runServe,
};
