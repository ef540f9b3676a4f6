/** Text as it is: the style where there is no colour, without a package to load. */
import type { Style } from './style.js';

const asItIs = (text: string): string => text;

export const PLAIN_STYLE: Style = {
  bold: asItIs,
  dim: asItIs,
  good: asItIs,
  bad: asItIs,
  accent: asItIs,
  heading: asItIs,
  series: [asItIs],
};
