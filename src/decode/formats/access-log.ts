/**
 * Access logs of web servers, NCSA common and combined (Apache, nginx), with a leading virtual host or without. A
 * request is a click when its URL carries a campaign parameter or a paid click id, a conversion when it matches a
 * goal, and otherwise a page view.
 */
import { CAMPAIGN_NOT_SET, CAMPAIGN_PARAMETERS, CLICK_ID_KINDS } from '../../event/campaign-parameters.js';
import { namesOf } from '../../event/field-aliases.js';
import { FIELD_NAMES, type RawEvent } from '../../event/raw-event.js';
import { civilMicros, offsetMinutes } from '../../event/time.js';
import { isBot } from '../bots.js';
import type { DecodeOptions, Format, FormatName, LineDecoder } from '../format.js';
import type { Goal } from '../goal.js';
import { ignore, reject, type LineOutcome } from '../outcome.js';
import { parseQuery } from '../query-parameters.js';
import { validateEvent } from '../validate-event.js';
import { visitorOf } from '../visitor.js';

export const combined = accessLog('combined', 'combined access log (Apache, nginx)', true);
export const common = accessLog('common', 'common access log (NCSA)', false);

function accessLog(name: FormatName, description: string, withAgent: boolean): Format {
  return {
    name,
    description,
    countRecognised: (lines) =>
      lines.filter((line) => {
        const request = parseRequest(line);
        return request !== null && (request.agent !== undefined) === withAgent;
      }).length,
    createDecoder: (options) => new AccessLogDecoder(options),
  };
}

const QUOTED = '"([^"\\\\]*(?:\\\\.[^"\\\\]*)*)"';
const LINE = new RegExp(
  // A virtual host stands before the address only where three more words do: a user's name may hold blanks.
  `^(?:(\\S+) (?!- )(?=\\S+ \\S+ \\S+ \\[))?(\\S+) (\\S+) ([^[\\]]+) \\[([^\\]]+)\\] ${QUOTED} (\\d{3}) (\\S+)(?: ${QUOTED} ${QUOTED}(.*))?$`,
  's',
);
const TIME = /^(\d\d)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

interface LoggedRequest {
  readonly virtualHost: string | undefined;
  readonly address: string;
  readonly remoteUser: string;
  readonly time: string;
  readonly target: string;
  readonly status: number;
  readonly referer: string | undefined;
  readonly agent: string | undefined;
  /** What stands behind the user agent: servers are often set to log the cookie there. */
  readonly rest: string;
}

function parseRequest(line: string): LoggedRequest | null {
  const match = LINE.exec(line);
  if (!match) return null;
  const [
    ,
    virtualHost,
    address = '',
    ,
    remoteUser = '',
    time = '',
    request = '',
    status,
    ,
    referer,
    agent,
    rest = '',
  ] = match;
  const [, target = ''] = request.split(' ');
  return { virtualHost, address, remoteUser, time, target, status: Number(status), referer, agent, rest };
}

class AccessLogDecoder implements LineDecoder {
  readonly #options: DecodeOptions;

  constructor(options: DecodeOptions) {
    this.#options = options;
  }

  decodeLine(line: string): LineOutcome {
    const request = parseRequest(line);
    if (request === null) return reject('invalid_access_log');
    if (request.status < 200 || request.status > 399) return ignore('failed_request');
    if (!this.#options.includeBots && request.agent !== undefined && isBot(request.agent))
      return ignore('bot');
    const timestampMicros = parseTime(request.time);
    if (timestampMicros === null) return reject('invalid_timestamp', request.time);

    const question = request.target.indexOf('?');
    const path = question < 0 ? request.target : request.target.slice(0, question);
    const query = parseQuery(question < 0 ? '' : request.target.slice(question + 1).replace(/#.*$/s, ''));
    const goal = this.#options.goals.find((candidate) => candidate.matches(path));
    const raw = goal ? conversionOf(goal, query) : clickOf(query);
    if (raw === null) return ignore('page_view');
    raw.user_id ??= visitorOf(request.address, request.agent ?? '');
    for (const [field, place] of this.#options.fieldPaths) {
      const value = valueAt(place, request, path, query);
      if (value) raw[field] = value;
    }
    const outcome = validateEvent(raw, { ...this.#options, receivedAtMicros: () => timestampMicros });
    return outcome.kind === 'event' && !raw.timestamp ? { ...outcome, stamped: false } : outcome;
  }
}

function parseTime(text: string): bigint | null {
  const match = TIME.exec(text);
  if (!match) return null;
  const [, day, month = '', year, hour, minute, second, zone = ''] = match;
  return civilMicros(
    { year: Number(year), month: MONTHS.indexOf(month) + 1, day: Number(day) },
    { hour: Number(hour), minute: Number(minute), second: Number(second), micros: 0 },
    { offsetMinutes: offsetMinutes(zone) },
  );
}

function campaignFields(query: ReadonlyMap<string, string>): RawEvent {
  const raw: RawEvent = {};
  for (const field of ['campaign_id', 'source', 'medium', 'ad_id', 'term'] as const) {
    const value = firstOf(CAMPAIGN_PARAMETERS[field], query);
    if (value) raw[field] = value;
  }
  for (const kind of CLICK_ID_KINDS.keys()) {
    const clickId = query.get(kind);
    if (clickId) {
      raw.click_id = clickId;
      raw.click_id_kind = kind;
      break;
    }
  }
  return raw;
}

function clickOf(query: ReadonlyMap<string, string>): RawEvent | null {
  const raw = campaignFields(query);
  const clickIdKind = raw.click_id_kind === undefined ? undefined : CLICK_ID_KINDS.get(raw.click_id_kind);
  const named = raw.campaign_id ?? raw.source ?? raw.medium ?? raw.ad_id ?? raw.term;
  if (named === undefined && clickIdKind?.paid !== true) return null;
  raw.type = 'click';
  raw.campaign_id ??= CAMPAIGN_NOT_SET;
  // A paid click id names its network; what the link says itself goes before it.
  if (clickIdKind?.paid) {
    if (clickIdKind.source) raw.source ??= clickIdKind.source;
    if (clickIdKind.medium) raw.medium ??= clickIdKind.medium;
  }
  return raw;
}

function conversionOf(goal: Goal, query: ReadonlyMap<string, string>): RawEvent {
  const raw = campaignFields(query);
  for (const field of FIELD_NAMES) {
    const parameter = goal.parameters.get(field);
    // Who it is and when is the line's to say, unless the goal says otherwise.
    if (parameter === undefined && ['type', 'timestamp', 'user_id'].includes(field)) continue;
    const value = firstOf(parameter === undefined ? namesOf(field) : [parameter], query);
    if (value) raw[field] = value;
  }
  raw.type = 'conversion';
  return raw;
}

function firstOf(names: readonly string[], query: ReadonlyMap<string, string>): string | undefined {
  for (const name of names) {
    const value = query.get(name);
    if (value) return value;
  }
  return undefined;
}

/** What a `--map` place means here: `query.uid`, `cookie.uid`, or a part of the line by name. */
function valueAt(
  place: string,
  request: LoggedRequest,
  path: string,
  query: ReadonlyMap<string, string>,
): string | undefined {
  if (place.startsWith('query.')) return query.get(place.slice('query.'.length));
  if (place.startsWith('cookie.')) return cookieOf(request.rest, place.slice('cookie.'.length));
  const parts: Partial<Record<string, string | undefined>> = {
    virtual_host: request.virtualHost,
    address: request.address,
    remote_user: request.remoteUser === '-' ? undefined : request.remoteUser,
    path,
    referer: request.referer,
    agent: request.agent,
  };
  return Object.hasOwn(parts, place) ? parts[place] : undefined;
}

function cookieOf(rest: string, name: string): string | undefined {
  for (const pair of rest.split(/[;"]/)) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
}
