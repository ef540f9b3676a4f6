/** What can become of a line: an event, or ignored or rejected for one of these reasons, which are closed lists. */
import type { Event } from '../event/event.js';

export const IGNORE_REASONS = {
  blank_line: 'blank line',
  header: 'header row',
  comment: 'comment line',
  record_continuation: 'further line of a record that spans several',
  no_event: 'log line without an event in it',
  other_event: 'event that is neither click, conversion nor refund',
  page_view: 'page view without a campaign',
  failed_request: 'request answered with neither 2xx nor 3xx',
  bot: 'request by a known bot',
} as const;
export type IgnoreReason = keyof typeof IGNORE_REASONS;

export const REJECT_REASONS = {
  line_too_long: 'line longer than 1 MiB',
  invalid_utf8: 'not valid UTF-8',
  invalid_json: 'not a JSON object',
  invalid_csv: 'not a row of the table its header announces',
  invalid_logfmt: 'not key=value pairs',
  invalid_access_log: 'not an access log line',
  unknown_type: 'type is not click, conversion or refund',
  missing_campaign_id: 'a click without campaign_id',
  missing_user_id: 'no user_id',
  missing_amount: 'a refund without amount',
  invalid_field: 'a field holds an object or a list, not a text or a number',
  invalid_timestamp: 'timestamp is not RFC 3339, YYYY-MM-DD HH:MM:SS or an epoch',
  invalid_amount: 'amount is not a plain decimal with at most 6 decimals',
  negative_amount: 'amount is negative',
  amount_out_of_range: 'amount is larger than 9,223,372,036,854.775807',
  invalid_currency: 'currency is not a three-letter ISO 4217 code',
} as const;
export type RejectReason = keyof typeof REJECT_REASONS;

/** What one line means. `detail` says what came, where the reason alone does not. */
export type LineOutcome =
  | { readonly kind: 'event'; readonly event: Event; readonly stamped: boolean }
  | { readonly kind: 'ignore'; readonly reason: IgnoreReason }
  | { readonly kind: 'reject'; readonly reason: RejectReason; readonly detail?: string };

export function ignore(reason: IgnoreReason): LineOutcome {
  return { kind: 'ignore', reason };
}

export function reject(reason: RejectReason, detail?: string): LineOutcome {
  return detail === undefined ? { kind: 'reject', reason } : { kind: 'reject', reason, detail };
}
