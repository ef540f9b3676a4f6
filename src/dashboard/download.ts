/** Hands a text to the browser as a file. */
import { csvOf, type CsvTable } from './csv.js';
import { element } from './dom.js';

export function downloadCsv(name: string, table: CsvTable): void {
  // With the mark that tells spreadsheets it is UTF-8.
  const url = URL.createObjectURL(new Blob(['\ufeff', csvOf(table)], { type: 'text/csv;charset=utf-8' }));
  const link = element('a', { href: url, download: `${name}.csv` });
  link.click();
  // Not at once: some browsers read it only after the click has been handled.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}
