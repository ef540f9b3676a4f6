/**
 * Answers questions for many who ask at once: the same question about the same state of the store is computed once,
 * and whoever has the answer already learns so without any question being put to the store.
 */
import { createHash } from 'node:crypto';
import { MapipeError } from '../errors.js';
import { buildReport, type ReportRequest } from '../report/build-report.js';
import { reportJson } from '../report/render/json.js';
import type { Store } from '../store/store.js';

const MAX_KEPT_ANSWERS = 64;
const MAX_KEPT_CHARACTERS = 32 << 20;
/** Different questions under way or waiting; a store answers one after another. */
const MAX_WAITING = 32;

export interface Answer {
  /** Weak: `generated_at` differs between two answers that are otherwise the same. */
  readonly etag: string;
  /** null: the asker has it already. */
  readonly body: string | null;
}

export class ReportDesk {
  readonly #store: Store;
  /** By ETag, the least recently used first. */
  readonly #kept = new Map<string, string>();
  #keptCharacters = 0;
  readonly #underWay = new Map<string, Promise<string>>();

  constructor(store: Store) {
    this.#store = store;
  }

  report(request: ReportRequest, knownEtags: string | undefined): Promise<Answer> {
    return this.answer('report', request, knownEtags, async () =>
      reportJson(await buildReport(this.#store, request)),
    );
  }

  /** `question` and `kind` say what is asked; `compute` is called only if nobody has asked it of this state before. */
  async answer(
    kind: string,
    question: object,
    knownEtags: string | undefined,
    compute: () => Promise<string>,
  ): Promise<Answer> {
    const revision = await this.#store.revision();
    const etag = etagOf(`${kind} ${revision?.id ?? ''} ${canonical(question)}`);
    if (names(knownEtags, etag)) return { etag, body: null };
    const kept = this.#kept.get(etag);
    if (kept !== undefined) {
      this.#kept.delete(etag);
      this.#kept.set(etag, kept);
      return { etag, body: kept };
    }
    const underWay = this.#underWay.get(etag);
    if (underWay) return { etag, body: await underWay };
    if (this.#underWay.size >= MAX_WAITING) {
      throw new MapipeError('MAPIPE_QUEUE_FULL', `${MAX_WAITING} questions are waiting for the store`, {
        hint: 'ask again a little later',
      });
    }
    const computing = compute();
    this.#underWay.set(etag, computing);
    try {
      const body = await computing;
      this.#keep(etag, body);
      return { etag, body };
    } finally {
      this.#underWay.delete(etag);
    }
  }

  #keep(etag: string, body: string): void {
    this.#kept.set(etag, body);
    this.#keptCharacters += body.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#kept.size <= MAX_KEPT_ANSWERS && this.#keptCharacters <= MAX_KEPT_CHARACTERS) break;
      this.#kept.delete(oldest);
      this.#keptCharacters -= length;
    }
  }
}

/** One text for one question, whatever kinds of values it is made of. */
function canonical(question: object): string {
  return JSON.stringify(question, (_, value: unknown) =>
    typeof value === 'bigint'
      ? `${value}n`
      : value instanceof Map
        ? [...(value as Map<unknown, unknown>)]
        : value,
  );
}

function etagOf(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** Whether an `If-None-Match` header names the tag; weak comparison (RFC 9110, 13.1.2). */
function names(header: string | undefined, etag: string): boolean {
  const bare = etag.replace(/^W\//, '');
  return (header ?? '')
    .split(',')
    .some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === bare);
}
