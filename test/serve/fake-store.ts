/** A store that does what a test tells it: commits and answers when it is let, and remembers what it was given. */
import { eventAt } from '../../src/event/event-batch.js';
import type { Event } from '../../src/event/event.js';
import type { ReportAnswer, ReportQuestion } from '../../src/store/report-question.js';
import type { CommitOutcome, Segment, Store } from '../../src/store/store.js';
import type { StoreRevision } from '../../src/store/store-revision.js';

const NOTHING = {
  clicks: 0,
  conversions: 0,
  refunds: 0,
  revenueMicros: 0n,
  revenueConversions: 0,
  uniqueUsers: 0,
  firstEventMicros: null,
  lastEventMicros: null,
};

export interface HeldCommit {
  readonly events: readonly Event[];
  /** These rows were known before. */
  readonly succeed: (...duplicates: number[]) => void;
  readonly fail: (error: unknown) => void;
}

export class FakeStore implements Store {
  readonly location = 'fake';
  readonly commits: HeldCommit[] = [];
  readonly questions: ReportQuestion[] = [];
  /** How long an answer takes. */
  answerMs = 0;
  clicks = 0;
  version = 1;
  isAway = false;

  commit(segments: readonly Segment[]): Promise<CommitOutcome> {
    const [batch] = segments[0]?.batches ?? [];
    const events = batch ? Array.from({ length: batch.length }, (_, row) => eventAt(batch, row)) : [];
    return new Promise((resolve, reject) => {
      this.commits.push({
        events,
        succeed: (...duplicates) => {
          resolve({ kind: 'committed', duplicates: [[duplicates]] });
        },
        fail: reject,
      });
    });
  }

  async report(question: ReportQuestion): Promise<ReportAnswer> {
    this.questions.push(question);
    if (this.answerMs > 0) await new Promise((done) => setTimeout(done, this.answerMs));
    if (this.isAway) throw new Error('the store is away');
    return {
      currency: 'USD',
      otherCurrencies: [],
      exactUsers: true,
      totals: { ...NOTHING, clicks: this.clicks },
      campaigns: [],
      trends: new Map(),
      breakdowns: new Map(),
      timeline: { interval: 'day', points: [] },
      knownCampaigns: null,
    };
  }

  revision(): Promise<StoreRevision | null> {
    return Promise.resolve({ id: `r${this.version}`, committedAt: new Date(0) });
  }

  readCheckpoints(): Promise<[]> {
    return Promise.resolve([]);
  }

  latestEvents(): Promise<[]> {
    return Promise.resolve([]);
  }

  examine(): Promise<never> {
    return Promise.reject(new Error('nobody examines a fake'));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Until everything that was resolved has been heard of. */
export async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((next) => setImmediate(next));
}
