/** The truth about a bulk file, kept beside the writing of it: what any reader of the file must find. */

export function createTally(campaigns, users) {
  const clicks = new Float64Array(campaigns.length);
  const conversions = new Float64Array(campaigns.length);
  // Whole cents in a double are exact up to 2^53: more than 10^11 conversions of the largest amount.
  const cents = new Float64Array(campaigns.length);
  const userSeen = new Uint8Array(users);
  return {
    add({ user, campaign, cents: amountCents }) {
      userSeen[user] = 1;
      if (amountCents === 0) {
        clicks[campaign]++;
      } else {
        conversions[campaign]++;
        cents[campaign] += amountCents;
      }
    },
    /** With `conversionsNameCampaign` false the conversions are counted under `unattributed`. */
    summary(conversionsNameCampaign) {
      const sum = (list) => list.reduce((total, value) => total + value, 0);
      const totalCents = cents.reduce((total, value) => total + BigInt(value), 0n);
      const totals = { clicks: sum(clicks), conversions: sum(conversions), revenue: decimalText(totalCents) };
      const rows = campaigns.map((name, index) => [
        name,
        conversionsNameCampaign
          ? {
              clicks: clicks[index],
              conversions: conversions[index],
              revenue: decimalText(BigInt(cents[index])),
            }
          : { clicks: clicks[index], conversions: 0, revenue: '0.00' },
      ]);
      return {
        events: totals.clicks + totals.conversions,
        ...totals,
        campaigns: Object.fromEntries(rows),
        ...(conversionsNameCampaign ? {} : { unattributed: { ...totals, clicks: 0 } }),
        users: userSeen.reduce((total, seen) => total + seen, 0),
      };
    },
  };
}

function decimalText(cents) {
  return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
}
