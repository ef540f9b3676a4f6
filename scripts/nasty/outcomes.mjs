/** What can become of a line, as the table of nasty inputs says it. */

/** A click for a campaign, a conversion of so many micros for one; `campaign` as reports are to name it. */
export const click = (campaign) => ({ kind: 'click', campaign });
export const sale = (campaign, micros) => ({ kind: 'sale', campaign, micros });
export const ignored = (reason) => ({ kind: 'ignored', reason });
export const rejected = (reason) => ({ kind: 'rejected', reason });

/** A line that is none of its format; in a text log any line may be of something else. */
export function unreadable(format) {
  switch (format) {
    case 'text':
      return ignored('no_event');
    case 'common':
    case 'combined':
      return rejected('invalid_access_log');
    case 'tsv':
      return rejected('invalid_csv');
    default:
      return rejected(`invalid_${format === 'ndjson' ? 'json' : format}`);
  }
}

/** The account of an input, from the outcomes of its lines. */
export function accountOf(outcomes) {
  const account = { lines: outcomes.length, accepted: 0, ignores: {}, rejects: {}, campaigns: new Map() };
  for (const outcome of outcomes) {
    if (outcome.kind === 'ignored')
      account.ignores[outcome.reason] = (account.ignores[outcome.reason] ?? 0) + 1;
    else if (outcome.kind === 'rejected')
      account.rejects[outcome.reason] = (account.rejects[outcome.reason] ?? 0) + 1;
    else {
      account.accepted++;
      const campaign = account.campaigns.get(outcome.campaign) ?? {
        clicks: 0,
        conversions: 0,
        revenueMicros: 0n,
      };
      account.campaigns.set(outcome.campaign, campaign);
      if (outcome.kind === 'click') campaign.clicks++;
      else {
        campaign.conversions++;
        campaign.revenueMicros += outcome.micros;
      }
    }
  }
  return account;
}
