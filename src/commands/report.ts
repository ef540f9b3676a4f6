/** `mapipe report`: answers from what was ingested. */
import { EXIT, MapipeError } from '../errors.js';
import { isCurrencyCode } from '../event/money.js';
import { nowMicros } from '../event/time.js';
import { buildReport, type ReportRequest } from '../report/build-report.js';
import { nearest } from '../report/nearest.js';
import { renderReportAs } from '../report/render/formats.js';
import { visible } from '../report/render/visible.js';
import { DIMENSIONS, type Dimension } from '../report/report.js';
import { isSortKey, SORT_NAMES, type Sort } from '../report/sort.js';
import { openStore } from '../store/open-store.js';
import type { CommandSpec, OptionValues } from './command.js';
import { readConfig, type Config } from './config.js';
import { outputFormat, storePath, timeZone } from './global-options.js';
import { parseTime } from './parse-time.js';

export const report: CommandSpec = {
  name: 'report',
  summary: 'Answer from what was ingested: campaigns, or one campaign in detail',
  examples: [
    ['mapipe report', 'every campaign'],
    ['mapipe report --campaign summer_sale', 'its sources, ads, products, timeline'],
    ['mapipe report --since 7d --by source', 'the last seven days by source'],
    ['mapipe report --json | jq .totals', 'the same for a program'],
  ],
  options: [
    { flags: '--campaign <id>', description: 'only this campaign, with its breakdowns and timeline' },
    { flags: '--since <time>', description: 'from then on: 2026-06-01, RFC 3339, 7d, 24h, today, yesterday' },
    { flags: '--until <time>', description: 'up to, not including, then' },
    { flags: '--by <dimension>', description: 'group by', choices: DIMENSIONS },
    {
      flags: '--sort <metric>',
      description: `order rows by ${SORT_NAMES.join(', ')}; :asc for smallest first`,
    },
    { flags: '--limit <n>', description: 'show at most so many rows' },
    { flags: '--currency <code>', description: 'report revenue in this currency; totals never mix them' },
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
    await stdout.write(
      renderReportAs(format, answer, request.by === null ? view : { ...view, by: request.by }),
    );
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
  const zone = timeZone(options, environment, config);
  const now = nowMicros();
  const since = options.text('since');
  const until = options.text('until');
  const sinceMicros = since === null ? null : parseTime('--since', since, zone, now);
  const untilMicros = until === null ? null : parseTime('--until', until, zone, now);
  if (sinceMicros !== null && untilMicros !== null && sinceMicros >= untilMicros) {
    throw new MapipeError('MAPIPE_USAGE', `--since ${since ?? ''} is not before --until ${until ?? ''}`);
  }
  return {
    sinceMicros,
    untilMicros,
    timeZone: zone,
    campaignId: options.text('campaign')?.normalize('NFC') ?? null,
    currency: currencyOf('--currency', options.text('currency')),
    defaultCurrency: currencyOf('currency in the config file', config.currency ?? null) ?? 'USD',
    by: DIMENSIONS.find((dimension: Dimension) => dimension === options.text('by')) ?? null,
    sort: sortOf(options.text('sort')),
    limit: limitOf(options.text('limit')),
    exactUsers: options.flag('exact') ?? false,
  };
}

function currencyOf(option: string, text: string | null): string | null {
  if (text === null) return null;
  const code = text.toUpperCase();
  if (isCurrencyCode(code)) return code;
  throw new MapipeError('MAPIPE_USAGE', `${option} expects an ISO 4217 code such as USD, got ${text}`);
}

function sortOf(text: string | null): Sort | null {
  if (text === null) return null;
  const [key = '', direction, ...more] = text.split(':');
  if (
    more.length === 0 &&
    isSortKey(key) &&
    (direction === undefined || direction === 'asc' || direction === 'desc')
  ) {
    return { key, ascending: direction === undefined ? key === 'name' : direction === 'asc' };
  }
  const [near] = nearest(key, SORT_NAMES);
  throw new MapipeError(
    'MAPIPE_USAGE',
    `--sort expects a metric, with :asc or :desc if need be, got ${text}`,
    {
      hint: near && !isSortKey(key) ? `did you mean ${near}?` : `one of ${SORT_NAMES.join(', ')}`,
    },
  );
}

function limitOf(text: string | null): number | null {
  if (text === null) return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new MapipeError('MAPIPE_USAGE', `--limit expects a whole number from 1, got ${text}`);
}

/** A name as a shell takes it. */
function quoted(name: string): string {
  return /^[\w.@%+=:,/-]+$/.test(name) ? name : `'${visible(name).replaceAll("'", `'\\''`)}'`;
}
