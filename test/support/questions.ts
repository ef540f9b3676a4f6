/** A question about all that is stored, for tests to narrow. */
import type { ReportQuestion } from '../../src/store/report-question.js';

export const EVERYTHING: ReportQuestion = {
  sinceMicros: null,
  untilMicros: null,
  timeZone: 'UTC',
  campaignId: null,
  where: new Map(),
  currency: null,
  defaultCurrency: 'USD',
  breakdowns: [],
  timeline: true,
  trends: true,
  exactUsers: false,
};
