/** `--sort`: by any metric or by name, largest first unless `:asc` is asked for. */
import { averageOrderValueMicros, conversionRate, revenuePerClickMicros } from './metrics.js';
import { compareKeys } from './order.js';
import type { CampaignRow, GroupRow } from './report.js';

type Row = CampaignRow | GroupRow;
type SortValue = number | bigint | string | null;

const SORT_KEYS = {
  name: (row: Row): SortValue => nameOf(row),
  clicks: (row: Row): SortValue => row.clicks,
  conversions: (row: Row): SortValue => row.conversions,
  refunds: (row: Row): SortValue => row.refunds,
  revenue: (row: Row): SortValue => row.revenueMicros,
  unique_users: (row: Row): SortValue => row.uniqueUsers,
  conversion_rate: conversionRate,
  average_order_value: averageOrderValueMicros,
  revenue_per_click: revenuePerClickMicros,
  first_event_at: (row: Row): SortValue => row.firstEventMicros,
  last_event_at: (row: Row): SortValue => row.lastEventMicros,
} as const satisfies Record<string, (row: Row) => SortValue>;

export type SortKey = keyof typeof SORT_KEYS;
export const SORT_NAMES = Object.keys(SORT_KEYS) as readonly SortKey[];

export interface Sort {
  readonly key: SortKey;
  readonly ascending: boolean;
}

export function isSortKey(name: string): name is SortKey {
  return Object.hasOwn(SORT_KEYS, name);
}

/** Rows in order; those without a value come last either way, and equals go by name. */
export function sortRows<T extends Row>(rows: readonly T[], { key, ascending }: Sort): T[] {
  const valueOf = SORT_KEYS[key];
  return [...rows].sort((a, b) => {
    const left = valueOf(a);
    const right = valueOf(b);
    if (left === right) return compareKeys(nameOf(a), nameOf(b));
    if (left === null) return 1;
    if (right === null) return -1;
    return left < right === ascending ? -1 : 1;
  });
}

function nameOf(row: Row): string | null {
  return 'campaignId' in row ? row.campaignId : row.key;
}
