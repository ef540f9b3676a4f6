/** Tables as programs and spreadsheets write them: one header, its rows, and what else gets between them. */
import { CLICK_ID_KINDS } from '../../src/event/campaign-parameters.js';
import { namesOf } from '../../src/event/field-aliases.js';
import { FIELD_NAMES, type FieldName } from '../../src/event/raw-event.js';
import type { Random } from '../../scripts/random.mjs';
import type { LineMaker } from './ndjson-lines.js';
import { unknownText, valueOf, type Temper } from './values.js';

export interface Table {
  readonly header: string;
  readonly line: LineMaker;
}

interface Column {
  readonly name: string;
  readonly draw: () => string;
}

const USUAL: readonly FieldName[] = [
  'type',
  'timestamp',
  'campaign_id',
  'user_id',
  'source',
  'amount',
  'currency',
];

export function csvLines(random: Random, temper: Temper, delimiter: string): Table {
  const columns: Column[] = FIELD_NAMES.filter((field) =>
    random.chance(USUAL.includes(field) ? 0.93 : 0.45),
  ).map((field) => ({
    name: random.chance(0.75) ? field : random.pick(namesOf(field)),
    draw: () => (random.chance(0.25) ? '' : valueOf(field, random, temper).text),
  }));
  if (random.chance(0.2))
    columns.push({
      name: random.pick([...CLICK_ID_KINDS.keys()]),
      draw: () => (random.chance(0.5) ? '' : valueOf('click_id', random, temper).text),
    });
  while (random.chance(0.3))
    columns.push({
      name: random.pick(['ip', 'note', '', 'été', '__proto__']),
      draw: () => unknownText(random),
    });
  // Two columns of one field, or of one name.
  const again = random.pick(columns);
  if (random.chance(0.08)) columns.push(again);
  if (random.chance(0.4)) columns.sort(() => random.fraction() - 0.5);

  const quotesAll = random.chance(0.15);
  const header = columns.map(({ name }) => headerCell(name, random, quotesAll)).join(delimiter);
  const row = (): string =>
    columns
      .map(({ draw }) => cellOf(draw(), delimiter, quotesAll || random.chance(0.03), random, temper))
      .join(delimiter);
  const line = (): string => {
    if (!random.chance(temper.odd / 2)) return row();
    switch (random.integer(0, 6)) {
      case 0:
        return header;
      case 1:
        return `${row()}${delimiter}`;
      case 2:
        return row().split(delimiter).slice(1).join(delimiter);
      case 3:
        return `{"campaign_id":"json","user_id":${JSON.stringify(unknownText(random))},"ts":1780000000}`;
      case 4:
        return `${row()}"`;
      case 5:
        return delimiter.repeat(columns.length - 1);
      default:
        return `# ${row()}`;
    }
  };
  return { header, line };
}

function headerCell(name: string, random: Random, quoted: boolean): string {
  const padded = random.chance(0.03) ? ` ${name} ` : name;
  return quoted || random.chance(0.02) ? `"${padded}"` : padded;
}

/** A cell after RFC 4180, or now and then not. */
function cellOf(text: string, delimiter: string, quotes: boolean, random: Random, temper: Temper): string {
  if (random.chance(temper.nasty)) {
    switch (random.integer(0, 4)) {
      case 0:
        return `"${text}`;
      case 1:
        return `${text}"x`;
      case 2:
        return `"${text.replaceAll('"', '""')}" `;
      case 3:
        return ` "${text}"`;
      default:
        return `"${text}\r\nmore, ""and"" more"`;
    }
  }
  if (!quotes && !text.includes(delimiter) && !/["\r\n]/.test(text)) return text;
  return `"${text.replaceAll('"', '""')}"`;
}
