/** `mapipe doctor`: whether a store is sound, what it holds, and how far each input is read. */
import type { CommandSpec } from './command.js';

export const doctor: CommandSpec = {
  name: 'doctor',
  summary: 'Say whether the store is sound and how far each input is read',
  examples: [
    ['mapipe doctor', 'look it over; nothing is changed'],
    ['mapipe doctor --store backup.duckdb && cp backup.duckdb /safe/', 'exit code 0: sound'],
    ['mapipe doctor --json | jq .problems', 'the same for a program'],
    ['mapipe doctor --format csv', 'the inputs only'],
  ],
  options: [],
  load: async () => (await import('./run-doctor.js')).runDoctor,
};
