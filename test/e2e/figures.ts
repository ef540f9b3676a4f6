/** Figures as the page should write them, worked out here from the API's numbers. */
import type { ReportBody } from '../support/cli.js';

export type Cell = number | string | null;
export type Metrics = Readonly<Record<string, Cell>>;

const counts = new Intl.NumberFormat('en-US');
const percents = new Intl.NumberFormat('en-US', {
  style: 'percent',
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});

export function number(value: Cell | undefined): number {
  if (typeof value === 'number') return value;
  throw new TypeError(`expected a number, got ${String(value)}`);
}

export function countText(value: Cell | undefined): string {
  return withTrueMinus(counts.format(number(value)));
}

export function rateText(value: Cell | undefined): string {
  return value === null ? '–' : withTrueMinus(percents.format(number(value)));
}

export function moneyText(value: Cell | undefined, currency = 'USD'): string {
  if (value === null) return '–';
  const money = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  return withTrueMinus(money.format(number(value)));
}

/** `Jun 14, 23:56` in the server's zone. */
export function momentText(value: Cell | undefined, zone = 'UTC'): string {
  if (value === null) return '–';
  const at = new Date(String(value));
  const day = new Intl.DateTimeFormat('en-US', { timeZone: zone, month: 'short', day: 'numeric' });
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  return `${day.format(at)}, ${time.format(at)}`;
}

function withTrueMinus(text: string): string {
  return text.replace('-', '−');
}

export async function askApi(url: string, query: Readonly<Record<string, string>> = {}): Promise<ReportBody> {
  const search = new URLSearchParams(query).toString();
  const response = await fetch(`${url}/api/analytics?${search}`);
  if (!response.ok) throw new Error(`the API answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as ReportBody;
}

/** The key figures by their labels, as the page should show them. */
export function expectedFigures({ totals }: ReportBody): Record<string, string> {
  return {
    Revenue: moneyText(totals['revenue']),
    Conversions: countText(totals['conversions']),
    'Conversion rate': rateText(totals['conversion_rate']),
    Clicks: countText(totals['clicks']),
    Users: countText(totals['unique_users']),
    Campaigns: countText(totals['campaigns']),
  };
}

/** A row of the campaign table without its name. */
export function expectedCells(row: Metrics, zone = 'UTC'): string[] {
  return [
    moneyText(row['revenue']),
    countText(row['conversions']),
    rateText(row['conversion_rate']),
    countText(row['clicks']),
    countText(row['unique_users']),
    moneyText(row['average_order_value']),
    moneyText(row['revenue_per_click']),
    countText(row['refunds']),
    momentText(row['last_event_at'], zone),
  ];
}
