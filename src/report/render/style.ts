/** The colours of terminal text, and the adapter of chalk: with colour off every function gives its text back unchanged. */
import { Chalk } from 'chalk';

export type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
  readonly accent: Paint;
  readonly heading: Paint;
  /** One colour for each series of a chart, in order; a further series starts again. */
  readonly series: readonly Paint[];
}

/** Only basic colours that read on a light and on a dark background: no yellow, white or black, nothing bright. */
export function createStyle(color: boolean): Style {
  const chalk = new Chalk({ level: color ? 1 : 0 });
  // Wrapped, as chalk's own functions take any number of arguments: passed to `map`, they would print the index too.
  const paint =
    (painter: Paint): Paint =>
    (text) =>
      painter(text);
  return {
    bold: paint(chalk.bold),
    dim: paint(chalk.dim),
    good: paint(chalk.green),
    bad: paint(chalk.red),
    accent: paint(chalk.cyan),
    heading: paint(chalk.bold),
    series: [chalk.cyan, chalk.magenta, chalk.green, chalk.blue].map((painter) => paint(painter)),
  };
}
