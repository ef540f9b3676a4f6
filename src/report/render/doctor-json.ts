/** The JSON contract `mapipe.doctor/1`. Names, order and meaning are stable. */
import type { Diagnosis } from '../../doctor/diagnosis.js';
import type { KnownInput } from '../../input/known-inputs.js';
import type { Finding, StoreContents } from '../../store/examination.js';
import { stringifyExact, type ExactJson } from './exact-json.js';
import { isoUtcOrNull } from './metric-fields.js';

/** Pretty-printed, with a final newline. */
export function diagnosisJson({ verdict, location, store, problems, warnings, inputs }: Diagnosis): string {
  const body: ExactJson = {
    schema: 'mapipe.doctor/1',
    verdict,
    store: {
      location,
      engine: store.engine,
      schema_version: store.schemaVersion,
      current_schema_version: store.currentSchemaVersion,
      size_bytes: store.sizeBytes,
      log_bytes: store.logBytes,
      free_bytes: store.freeBytes,
      contents: store.contents && contentsObject(store.contents),
    },
    problems: problems.map(findingObject),
    warnings: warnings.map(findingObject),
    inputs: inputs.map(inputObject),
  };
  return `${stringifyExact(body, 2)}\n`;
}

/** An object an input, one a line. */
export function inputsNdjson({ inputs }: Diagnosis): string {
  return inputs.map((input) => `${stringifyExact(inputObject(input))}\n`).join('');
}

function contentsObject(contents: StoreContents): ExactJson {
  const { events, firstEventMicros, lastEventMicros, campaigns, users, texts, currencies } = contents;
  const [clicks, conversions, refunds] = (['click', 'conversion', 'refund'] as const).map(
    (type) => events.get(type) ?? 0,
  );
  return {
    events: [...events.values()].reduce((sum, count) => sum + count, 0),
    clicks: clicks ?? 0,
    conversions: conversions ?? 0,
    refunds: refunds ?? 0,
    first_event_at: isoUtcOrNull(firstEventMicros),
    last_event_at: isoUtcOrNull(lastEventMicros),
    campaigns,
    users,
    texts,
    currencies,
  };
}

function findingObject({ code, message, hint }: Finding): ExactJson {
  return { code, message, hint };
}

function inputObject(input: KnownInput): ExactJson {
  return {
    input: input.name,
    source: input.source,
    state: input.state,
    lines: input.readLines,
    bytes: input.readBytes,
    file_bytes: input.fileBytes,
    unread_bytes: input.unreadBytes,
  };
}
