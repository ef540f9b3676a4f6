/** What `mapipe report` does. */
import { EXIT, MapipeError, type ExitCode } from '../errors.js';
import { nowMicros } from '../event/time.js';
import { buildReport, type ReportRequest } from '../report/build-report.js';
import { oneOf } from '../report/one-of.js';
import { MAX_TERMINAL_ROWS } from '../report/render/report-view.js';
import { loadRenderer } from '../report/render/formats.js';
import { parseReportRequest, type QuestionTexts } from '../report/report-request.js';
import { FILTER_FIELDS, type FilterField } from '../report/report.js';
import { openStore } from '../store/open-store.js';
import type { Invocation, OptionValues } from './command.js';
import { defaultCurrency, readConfig, type Config } from './config.js';
import { outputFormat, storePath, storeWait, timeZone } from './global-options.js';
import { quoted } from './quoted.js';

export async function runReport({ options, terminal, environment }: Invocation): Promise<ExitCode> {
  const config = readConfig(process.cwd());
  const format = outputFormat(options);
  const request = reportRequest(options, environment, config);
  const store = await openStore(storePath(options, environment, config), storeWait(environment));
  // The store's threads work on the answer meanwhile.
  const [answer, renderer] = await Promise.all([
    buildReport(store, { ...request, charts: format === 'table' }),
    loadRenderer(format),
  ]);
  const { stdout, stderr } = terminal;
  const { width } = stdout;
  const maxRows = stdout.isTerminal && request.limit === null ? MAX_TERMINAL_ROWS : undefined;
  const view = { style: stdout.style, width, maxRows };
  await stdout.writeAll(renderer.report(answer, { ...view, by: request.by }));
  if (stderr.isTerminal && stdout.isTerminal && !options.flag('quiet')) {
    const [top] = answer.campaigns;
    const next =
      request.campaignId === null && top?.campaignId
        ? `report --campaign ${quoted(top.campaignId)}`
        : 'report --by source';
    await stderr.write(stderr.style.dim(`\nNext: mapipe ${next}\n`));
  }
  return EXIT.done;
}

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
