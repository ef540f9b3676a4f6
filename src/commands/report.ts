/** `mapipe report`: answers from what was ingested. */
import { DIMENSIONS, FILTER_FIELDS } from '../report/report.js';
import { SORT_NAMES } from '../report/sort.js';
import type { CommandSpec } from './command.js';

export const report: CommandSpec = {
  name: 'report',
  summary: 'Answer from what was ingested: campaigns, or one campaign in detail',
  examples: [
    ['mapipe report', 'every campaign'],
    ['mapipe report --campaign summer_sale', 'its sources, ads, products, timeline'],
    ['mapipe report --since 7d --by source', 'the last seven days by source'],
    ['mapipe report --where source=google --by product,ad_id', 'what google sold, and by which ads'],
    ['mapipe report --json | jq .totals', 'the same for a program'],
  ],
  options: [
    { flags: '--campaign <id>', description: 'only this campaign, with its breakdowns and timeline' },
    { flags: '--since <time>', description: 'from then on: 2026-06-01, RFC 3339, 7d, 24h, today, yesterday' },
    { flags: '--until <time>', description: 'up to, not including, then' },
    {
      flags: '--by <dimensions>',
      description: `group by ${DIMENSIONS.join(', ')}; of several, comma separated, each has its table (csv and ndjson: the first only)`,
    },
    {
      flags: '--where <field=value>',
      description: `only what is credited to it, by ${FILTER_FIELDS.join(', ')}; "source=" for what has none; may be repeated`,
      repeatable: true,
    },
    {
      flags: '--sort <metric>',
      description: `order rows by ${SORT_NAMES.join(', ')}; :asc for smallest first`,
    },
    { flags: '--limit <n>', description: 'show at most so many rows' },
    { flags: '--currency <code>', description: 'report revenue in this currency; totals never mix them' },
    { flags: '--timeline', description: 'add the timeline to JSON also without a campaign' },
    { flags: '--exact', description: 'count users exactly however many events there are' },
  ],
  load: async () => (await import('./run-report.js')).runReport,
};
