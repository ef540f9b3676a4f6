/** What line-chart.ts uses of asciichart, which comes without types. */
declare module 'asciichart' {
  interface PlotConfig {
    min?: number;
    max?: number;
    height?: number;
    /** Columns that the labels and the axis take. */
    offset?: number;
    format?: (value: number, index: number) => string;
    symbols?: readonly string[];
  }
  const asciichart: { plot(series: readonly number[], config?: PlotConfig): string };
  export default asciichart;
}
