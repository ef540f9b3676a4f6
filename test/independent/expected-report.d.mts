/** Figures as the script gives them: counts as numbers, money and rates as decimal texts. */
export interface ExpectedReport {
  readonly totals: Readonly<Record<string, unknown>>;
  readonly campaigns: readonly Readonly<Record<string, unknown>>[];
  readonly breakdowns?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}
export interface ExpectedFilters {
  readonly campaign?: string;
  readonly since?: string | Date;
  readonly until?: string | Date;
  readonly where?: Readonly<Partial<Record<'source' | 'medium' | 'ad_id' | 'product', string | null>>>;
}
export function expectedReport(path: string, filters?: ExpectedFilters): Promise<ExpectedReport>;
export function expectedReportOfLines(lines: readonly string[], filters?: ExpectedFilters): ExpectedReport;
