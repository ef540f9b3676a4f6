/**
 * The kernel: blocks of bytes in, rows in columns out. What it accepts it decodes as the reference decoder does; a line
 * that it is not sure of it leaves to the reference, in order. This file is all that the host sees of it.
 */
import * as accessLog from './access-log';
import * as accessRequest from './access-request';
import * as agents from './agents';
import * as buckets from './buckets';
import * as bytes from './bytes';
import * as counting from './counting';
import * as csv from './csv';
import * as dictionaries from './dictionary';
import { forgetEndings } from './endings';
import { createTexts, forgetTexts } from './escapes';
import * as fields from './fields';
import * as freshTexts from './fresh-texts';
import * as groups from './groups';
import * as identified from './identified';
import * as json from './json';
import * as layout from './layout';
import * as money from './money';
import { keyOf } from './murmur';
import * as parameters from './parameters';
import * as rows from './rows';
import * as time from './time';
import * as totals from './totals';
import { leaveVocabularies } from './window';

/** The block being decoded: whole lines, from `at` to `end`. */
let block: usize = 0;
let firstBlock: usize = 0;
let blockStride: u32 = 0;
let at: usize = 0;
let end: usize = 0;
let unsureFrom: usize = 0;
let unsureTo: usize = 0;
let lines: u32 = 0;
let blankLines: u32 = 0;
let format: u32 = layout.NDJSON;
/** Where the host writes texts that it hands over. */
let scratch: usize = 0;
let scratchBytes: u32 = 0;

// --- Setting up -----------------------------------------------------------------------------------------------------

/** `counts`: whether rows are to be added to totals; `marks`: whether fresh texts are to be told. */
export function initialise(blockBytes: u32, blocks: u32, residents: u32, campaignResidents: u32, counts: bool, marks: bool): void {
  blockStride = (blockBytes + 64 + 15) & ~15;
  firstBlock = (heap.alloc(blockStride * blocks + 16) + 15) & ~15;
  block = firstBlock;
  if (counts) totals.createSummary(residents, campaignResidents);
  dictionaries.createDictionaries(residents, campaignResidents);
  if (marks) freshTexts.createFreshTexts();
  createTexts(blockBytes);
  scratch = heap.alloc(4096);
  scratchBytes = 4096 - 64;
  dictionaries.createHeap();
}

/** What the lines are, as in the layout. */
export function setFormat(code: u32): void {
  format = code;
  leaveVocabularies(false);
}

export function addTypeName(length: u32, meaning: u32): void {
  fields.setTypeMeaning(internScratch(dictionaries.TYPE_NAMES, length), meaning);
}

export function addJsonName(length: u32, field: u32, rank: u32, clickIdKind: u32): void {
  json.names.add(scratch, length, field, rank, clickIdKind);
}

/** The header of CSV or TSV, whose line stands in the scratch. */
export function setCsvHeader(delimiter: u32, columns: u32, isAmbiguous: bool, length: u32): void {
  csv.setHeader(delimiter, columns, isAmbiguous, scratch, length);
}

/** A column that stands for a field; by field, and of each the lowest rank first. */
export function addCsvColumn(column: u32, field: u32, clickIdKind: u32): void {
  csv.addColumn(column, field, clickIdKind);
}

export function setDefaultCurrency(code: u32): void {
  fields.setDefaultCurrency(code);
}

export function setZonelessIsUtc(value: bool): void {
  time.setZonelessIsUtc(value);
}

export function setReceivedAt(micros: i64): void {
  fields.setReceivedAt(micros);
}

// --- Access logs ----------------------------------------------------------------------------------------------------

/** Adds the name of a query's parameter, which stands in the scratch; the bit that stands for it. */
export function addParameter(length: u32): u32 {
  return parameters.addParameter(scratch, length);
}

/** The parameters of a field, as bits: for clicks (0) or a goal (its number from 1), and those to fall back on. */
export function addRule(purpose: u32, field: u32, first: u64, otherwise: u64): void {
  parameters.addRule(purpose, field, first, otherwise);
}

export function addClickIdKind(bit: u32, code: u32, isPaid: bool): void {
  parameters.addClickIdKind(bit, code, isPaid);
}

/** The source, or the medium, that a click id implies. */
export function addImplied(bit: u32, isMedium: bool, length: u32): void {
  parameters.addImplied(bit, isMedium, scratch, length);
}

export function setNoCampaign(length: u32): void {
  accessRequest.setNoCampaign(scratch, length);
}

export function addGoal(length: u32, isPrefix: bool): void {
  accessRequest.addGoal(scratch, length, isPrefix);
}

export function setIncludesBots(value: bool): void {
  accessLog.setIncludesBots(value);
}

/** The user agent that `decode` came back for. */
export function agentStart(): usize {
  return accessLog.agentStart;
}

export function agentLength(): u32 {
  return accessLog.agentLength;
}

/** What the host says of that agent; `decode` goes on with its line. */
export function addVerdict(isBot: bool): void {
  agents.addVerdict(accessLog.agentStart, accessLog.agentLength, isBot ? agents.BOT : agents.NO_BOT);
}

// --- Decoding -------------------------------------------------------------------------------------------------------

/** Goes over to another block; where it begins. */
export function useBlock(index: u32): usize {
  block = firstBlock + index * blockStride;
  return block;
}

/** Begins to read `length` bytes of whole lines from the block's start. */
export function setBlock(length: u32): void {
  at = block;
  end = block + length;
  json.forgetBlock();
  forgetTexts();
}

/** Decodes lines until the block ends, the batch is full, or a line is the reference's; says which. */
export function decode(): u32 {
  while (at < end) {
    if (rows.rowCount == layout.MAX_ROWS || dictionaries.isCrowded) return layout.BATCH_FULL;
    const start = at;
    if (format == layout.DELIMITED) {
      const decoded = csv.decodeCsvLines(start, end);
      if (decoded > 0) {
        at = csv.lineEnd;
        lines += decoded;
        continue;
      }
    } else if (format == layout.ACCESS_LOG) {
      if (accessLog.decodeAccessLine(start)) {
        at = accessLog.lineEnd;
        lines++;
        continue;
      }
      if (accessLog.wantsVerdict) return layout.NEW_AGENT;
    } else {
      const decoded = json.decodeJsonLines(start, end);
      if (decoded > 0) {
        at = json.lineEnd;
        lines += decoded;
        continue;
      }
    }
    const lineFeed = bytes.findLineFeed(start);
    at = lineFeed + 1;
    if (lineFeed == start || (lineFeed == start + 1 && load<u8>(start) == 0x0d)) {
      lines++;
      blankLines++;
      continue;
    }
    rows.clearRow();
    unsureFrom = start;
    unsureTo = lineFeed;
    return layout.UNSURE;
  }
  return layout.ALL_READ;
}

/** How many bytes of the block have been read, the line that is left to the reference included. */
export function position(): u32 {
  return <u32>(at - block);
}

/** Goes on from another place of the block, after the host has read on by itself. */
export function setPosition(offset: u32): void {
  at = block + offset;
}

/** The line that is left to the reference, from the block's start; its line feed not included. */
export function unsureStart(): u32 {
  return <u32>(unsureFrom - block);
}

export function unsureEnd(): u32 {
  return <u32>(unsureTo - block);
}

/** Lines decoded or ignored by the kernel since the counts were last cleared; those left to the reference are not in. */
export function lineCount(): u32 {
  return lines;
}

export function blankLineCount(): u32 {
  return blankLines;
}

export function otherEventCount(): u32 {
  return fields.otherEvents;
}

export function pageViewCount(): u32 {
  return accessRequest.pageViews;
}

export function failedRequestCount(): u32 {
  return accessLog.failedRequests;
}

export function botCount(): u32 {
  return accessLog.bots;
}

export function stampedCount(): u32 {
  return fields.stamped;
}

export function clearCounts(): void {
  lines = 0;
  blankLines = 0;
  fields.clearFieldCounts();
  accessLog.clearAccessCounts();
}

// --- Rows -----------------------------------------------------------------------------------------------------------

export function rowCount(): u32 {
  return rows.rowCount;
}

/** The text fields that any row of the batch has, as bits. */
export function touchedFields(): u32 {
  return rows.touched;
}

export function typesStart(): usize {
  return rows.types;
}

export function timestampsStart(): usize {
  return rows.timestamps;
}

export function amountsStart(): usize {
  return rows.amounts;
}

/** A field's column: of an interned field u32 codes, of a keyed field u64 keys. */
export function columnStart(field: u32): usize {
  return rows.codeCell(field, 0);
}

/**
 * Begins a new batch; true where dictionaries have forgotten what is not resident in them. Where rows are not decoded
 * here, so that nobody sees that one is about to run out of codes, there has to be one for each of `newTexts`.
 */
export function clearRows(newTexts: u32): bool {
  rows.clearRows();
  if (!dictionaries.forgetTransients(newTexts)) return false;
  forgetEndings();
  totals.renumber();
  return true;
}

/** The scratch, with room for at least `length` bytes. */
export function scratchFor(length: u32): usize {
  if (length <= scratchBytes) return scratch;
  return dictionaries.roomAboveHeap(length);
}

/** Gives the row that comes next a text, which stands in the scratch. */
export function pushText(field: u32, text: usize, length: u32): void {
  if (rows.isKeyed(field)) {
    store<u64>(rows.keyCell(field, rows.rowCount), keyOf(text, length));
    const kept = dictionaries.keepText(text, length);
    store<u64>(rows.placeCell(field, rows.rowCount), ((<u64>length) << 32) | (<u64>kept));
  } else {
    store<u32>(rows.codeCell(field, rows.rowCount), internAt(field, text, length));
  }
  rows.touch(1 << field);
}

/** Adds the row whose texts were pushed. */
export function pushRow(type: u32, micros: i64, amount: i64): void {
  const row = rows.rowCount;
  store<u8>(rows.types + row, type);
  store<i64>(rows.timestamps + row * 8, micros);
  store<i64>(rows.amounts + row * 8, amount);
  rows.setRowCount(row + 1);
}

/** Makes `count` rows of what the host has written into the columns of these fields (bits), and into those that are no text. */
export function setRows(count: u32, fields: u32): void {
  rows.touch(fields);
  rows.setRowCount(count);
}

/** Exchanges the codes in a field's column for those that a table (u32 by code) has in their place. */
export function exchangeCodes(field: u32, count: u32, table: usize): void {
  const column = rows.codeCell(field, 0);
  const end = column + count * 4;
  for (let cell = column; cell < end; cell += 4) store<u32>(cell, load<u32>(table + load<u32>(cell) * 4));
}

/** The rows, counted from 1, whose text of a keyed field has not come before: where their list begins. */
export function markFresh(field: u32): usize {
  return freshTexts.markFresh(field);
}

export function freshCount(): u32 {
  return freshTexts.freshCount;
}

/** Leaves only rows that no other event can be a duplicate of, until `putBackIdentified`. How many are left. */
export function setIdentifiedAside(): u32 {
  return identified.setAside();
}

/** Puts the other rows in their place. */
export function putBackIdentified(): void {
  identified.putBack();
}

/** Writes the texts of a keyed field one behind the other, and where each ends (u32); gives where they begin. */
export function gatherTexts(field: u32): usize {
  let length: u32 = 0;
  const count = rows.rowCount;
  for (let row: u32 = 0; row < count; row++) {
    if (load<u64>(rows.keyCell(field, row)) != 0) length += load<u32>(rows.placeCell(field, row), 4);
  }
  const ends = dictionaries.roomAboveHeap(count * 4 + length + 32);
  let to = ends + count * 4;
  for (let row: u32 = 0; row < count; row++) {
    if (load<u64>(rows.keyCell(field, row)) != 0) {
      const size = load<u32>(rows.placeCell(field, row), 4);
      bytes.copyText(to, load<u32>(rows.placeCell(field, row)), size);
      to += size;
    }
    store<u32>(ends + row * 4, <u32>(to - ends - count * 4));
  }
  return ends;
}

// --- Dictionaries ---------------------------------------------------------------------------------------------------

function internAt(dictionary: u32, text: usize, length: u32): u32 {
  const prefix = length < 16 ? bytes.firstBytes(v128.load(text), length) : v128.load(text);
  return dictionaries.intern(dictionary, text, length, prefix);
}

export function internScratch(dictionary: u32, length: u32): u32 {
  return internAt(dictionary, scratch, length);
}

/** The code of a text that stands where `scratchFor` said. */
export function internText(dictionary: u32, text: usize, length: u32): u32 {
  return internAt(dictionary, text, length);
}

export function dictionarySize(dictionary: u32): u32 {
  return dictionaries.dictionarySize(dictionary);
}

/** Whether the batch has to end, full or not, as dictionaries run out of codes: lines that become no row have texts, too. */
export function isCrowded(): bool {
  return dictionaries.isCrowded;
}

export function textStart(dictionary: u32, code: u32): usize {
  return dictionaries.textStart(dictionary, code);
}

export function textLength(dictionary: u32, code: u32): u32 {
  return dictionaries.textLength(dictionary, code);
}

// --- Totals ---------------------------------------------------------------------------------------------------------

/** Adds the rows of the batch to the totals. */
export function addRows(): void {
  counting.addRows();
}

/** To be called before groups are read. */
export function settle(): void {
  totals.settle();
}

export function groupsStart(table: u32): usize {
  return groups.groupsStart(table);
}

export function groupsUsed(table: u32): u32 {
  return groups.groupsUsed(table);
}

export function moneyStart(table: u32): usize {
  return money.moneyStart(table);
}

export function trendStart(index: u32): usize {
  return buckets.trendStart(index);
}

export function trendSize(index: u32): u32 {
  return buckets.trendSize(index);
}

export function trendDoublings(index: u32): u32 {
  return buckets.trendDoublings(index);
}

export function clearSummary(): void {
  totals.clearSummary();
}
