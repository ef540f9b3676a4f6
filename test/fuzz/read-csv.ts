/** CSV after RFC 4180, read strictly: what is no such table throws. */
export function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const record: string[] = [];
    for (;;) {
      const [, quoted, plain] = CELL.exec(text.slice(at, at + MAX_CELL)) ?? [];
      record.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
      at += quoted === undefined ? (plain ?? '').length : quoted.length + 2;
      if (text[at] !== ',') break;
      at++;
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new SyntaxError(`no end of a record at ${at}`);
    at += 2;
    records.push(record);
  }
  return records;
}

const CELL = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))/;
const MAX_CELL = 1 << 21;
