/** `mapipe report`: answers from what was ingested. */
import { EXIT, MapipeError } from '../errors.js';
import { nowMicros } from '../event/time.js';
import { buildReport, type ReportRequest } from '../report/build-report.js';
import { oneOf } from '../report/one-of.js';
import { renderReportAs } from '../report/render/formats.js';
import { parseReportRequest, type QuestionTexts } from '../report/report-request.js';
import { DIMENSIONS, FILTER_FIELDS, type FilterField } from '../report/report.js';
import { SORT_NAMES } from '../report/sort.js';
import { openStore } from '../store/open-store.js';
import type { CommandSpec, OptionValues } from './command.js';
import { defaultCurrency, readConfig, type Config } from './config.js';
import { quoted } from './quoted.js';
import { outputFormat, storePath, timeZone } from './global-options.js';

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
  async run({ options, terminal, environment }) {
    const config = readConfig(process.cwd());
    const format = outputFormat(options);
    const request = reportRequest(options, environment, config);
    const store = await openStore(storePath(options, environment, config));
    const answer = await buildReport(store, request);
    const { stdout, stderr } = terminal;
    const view = { style: stdout.style, ...(stdout.width === undefined ? {} : { width: stdout.width }) };
    await stdout.write(renderReportAs(format, answer, { ...view, by: request.by }));
    if (stderr.isTerminal && stdout.isTerminal && !options.flag('quiet')) {
      const [top] = answer.campaigns;
      const next =
        request.campaignId === null && top?.campaignId
          ? `report --campaign ${quoted(top.campaignId)}`
          : 'report --by source';
      await stderr.write(stderr.style.dim(`\nNext: mapipe ${next}\n`));
    }
    return EXIT.done;
  },
};

export function reportRequest(
  options: OptionValues,
  environment: NodeJS.ProcessEnv,
  config: Config,
): ReportRequest {
  const texts: QuestionTexts = {
    since: options.text('since'),
    until: options.text('until'),
    campaignId: options.text('campaign'),
    where: filterTexts(options.texts('where')),
    by: options.text('by'),
    sort: options.text('sort'),
    limit: options.text('limit'),
    currency: options.text('currency'),
    exact: options.flag('exact') ?? false,
    timeline: options.flag('timeline') ?? false,
  };
  return parseReportRequest(texts, {
    timeZone: timeZone(options, environment, config),
    defaultCurrency: defaultCurrency(config),
    nowMicros: nowMicros(),
    nameOf: (field) => (field === 'campaignId' ? '--campaign' : `--${field}`),
  });
}

/** `source=google`: the field up to the first `=`, all that follows is the value. */
function filterTexts(texts: readonly string[]): Map<FilterField, string> {
  const where = new Map<FilterField, string>();
  for (const text of texts) {
    const [name = '', ...value] = text.split('=');
    if (value.length === 0) {
      throw new MapipeError('MAPIPE_USAGE', `--where expects field=value, got ${text}`, {
        hint: 'for example --where source=google',
      });
    }
    const field = oneOf('--where', FILTER_FIELDS, name);
    if (where.has(field)) {
      throw new MapipeError('MAPIPE_USAGE', `--where ${field} is given twice`, {
        hint: 'give one value a field',
      });
    }
    where.set(field, value.join('='));
  }
  return where;
}
