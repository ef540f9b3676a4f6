/** What host and kernel agree on: numbers of `assembly/layout.ts`, functions of `assembly/index.ts`. */
import { TEXT_FIELDS } from '../../event/event.js';
import type { FieldName } from '../../event/raw-event.js';

/** The number that stands for each field: texts in the order of TEXT_FIELDS, then what is no text. */
export const FIELD_CODES = {
  ...fieldCodes(),
  type: 12,
  timestamp: 13,
  amount: 14,
} as Readonly<Record<FieldName, number>>;

function fieldCodes(): Partial<Record<FieldName, number>> {
  return Object.fromEntries(TEXT_FIELDS.map((field, code) => [field, code]));
}

export const MAX_ROWS = 30_720;
export const ROW_CAPACITY = MAX_ROWS + 1024;

/** Formats, as `setFormat` takes them. */
export const NDJSON = 0;
export const DELIMITED = 1;

/** Columns that a header may have, and bytes. */
export const MAX_COLUMNS = 256;
export const MAX_HEADER_BYTES = 1024;

/** Why `decode` came back. */
export const ALL_READ = 0;
export const BATCH_FULL = 1;
export const NEW_AGENT = 3;

/** What the lines are. */
export const ACCESS_LOG = 2;

/** Event types are as in TYPE_CODE; this is what a name of other events means. */
export const OTHER_EVENT = 3;
/** Added where a type's vocabulary has names of its own for the fields. */
export const VOCABULARY = 4;

/** Texts that are many are kept as keys, one a row; those that repeat as codes of a dictionary. */
export const KEYED_FIELDS = ['user_id', 'click_id', 'order_id', 'event_id'] as const;
export const INTERNED_FIELDS = [
  'campaign_id',
  'source',
  'medium',
  'ad_id',
  'term',
  'click_id_kind',
  'product',
  'currency',
] as const;

/** Currencies that totals tell apart, code 0 included. */
export const MAX_CURRENCIES = 16;

export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  initialise(
    blockBytes: number,
    blocks: number,
    residents: number,
    campaignResidents: number,
    counts: boolean,
    marks: boolean,
  ): void;
  addTypeName(length: number, meaning: number): void;
  addJsonName(length: number, field: number, rank: number, clickIdKind: number): void;
  setFormat(format: number): void;
  setCsvHeader(delimiter: number, columns: number, isAmbiguous: boolean, length: number): void;
  addCsvColumn(column: number, field: number, clickIdKind: number): void;
  setDefaultCurrency(code: number): void;
  setZonelessIsUtc(value: boolean): void;
  setReceivedAt(micros: bigint): void;
  addParameter(length: number): number;
  addRule(purpose: number, field: number, first: bigint, otherwise: bigint): void;
  addClickIdKind(bit: number, code: number, isPaid: boolean): void;
  addImplied(bit: number, isMedium: boolean, length: number): void;
  setNoCampaign(length: number): void;
  addGoal(length: number, isPrefix: boolean): void;
  setIncludesBots(value: boolean): void;
  agentStart(): number;
  agentLength(): number;
  addVerdict(isBot: boolean): void;
  useBlock(index: number): number;
  setBlock(length: number): void;
  decode(): number;
  position(): number;
  setPosition(offset: number): void;
  unsureStart(): number;
  unsureEnd(): number;
  lineCount(): number;
  blankLineCount(): number;
  otherEventCount(): number;
  pageViewCount(): number;
  failedRequestCount(): number;
  botCount(): number;
  stampedCount(): number;
  clearCounts(): void;
  rowCount(): number;
  touchedFields(): number;
  typesStart(): number;
  timestampsStart(): number;
  amountsStart(): number;
  columnStart(field: number): number;
  clearRows(newTexts: number): number;
  scratchFor(length: number): number;
  pushText(field: number, text: number, length: number): void;
  pushRow(type: number, micros: bigint, amount: bigint): void;
  setRows(count: number, fields: number): void;
  exchangeCodes(field: number, count: number, table: number): void;
  markFresh(field: number): number;
  freshCount(): number;
  setIdentifiedAside(): number;
  putBackIdentified(): void;
  gatherTexts(field: number): number;
  internScratch(dictionary: number, length: number): number;
  internText(dictionary: number, text: number, length: number): number;
  dictionarySize(dictionary: number): number;
  isCrowded(): number;
  textStart(dictionary: number, code: number): number;
  textLength(dictionary: number, code: number): number;
  addRows(): void;
  settle(): void;
  groupsStart(table: number): number;
  groupsUsed(table: number): number;
  moneyStart(table: number): number;
  trendStart(index: number): number;
  trendSize(index: number): number;
  trendDoublings(index: number): number;
  clearSummary(): void;
}
