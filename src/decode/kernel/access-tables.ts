/**
 * What the kernel has to know to read access logs: which query parameters give which field, what click ids imply, and
 * which paths are goals. Every parameter is a bit, those of one field in the order in which they are looked for.
 */
import { CAMPAIGN_NOT_SET, CAMPAIGN_PARAMETERS, CLICK_ID_KINDS } from '../../event/campaign-parameters.js';
import { namesOf } from '../../event/field-aliases.js';
import { FIELD_NAMES, type FieldName } from '../../event/raw-event.js';
import type { FormatName } from '../format.js';
import type { Goal } from '../goal.js';

/** The kernel's room for goals, for each of their texts and all of them, and for parameters. */
const MAX_GOALS = 32;
const MAX_TEXT_CHARS = 1024;
const MAX_GOAL_BYTES = 8192;
const MAX_PARAMETERS = 64;

export interface AccessTables {
  /** The parameters, by bit. */
  readonly names: readonly string[];
  readonly rules: readonly Rule[];
  readonly clickIds: readonly ClickId[];
  readonly noCampaign: string;
  readonly goals: readonly { readonly path: string; readonly isPrefix: boolean }[];
}

/** Which parameters give a field, of clicks (purpose 0) or a goal (its number from 1): those of `otherwise` where none of `first` is there. */
interface Rule {
  readonly purpose: number;
  readonly field: FieldName;
  readonly first: bigint;
  readonly otherwise: bigint;
}

interface ClickId {
  readonly bit: number;
  readonly kind: string;
  readonly isPaid: boolean;
  readonly source: string | undefined;
  readonly medium: string | undefined;
}

export function isAccessLog(format: FormatName): boolean {
  return format === 'common' || format === 'combined';
}

/** Whether the kernel can tell the requests that reach these goals. */
export function areKernelGoals(goals: readonly Goal[]): boolean {
  const texts = goals.flatMap(({ pattern, parameters }) => [pattern, ...parameters.values()]);
  return (
    goals.length <= MAX_GOALS &&
    goals.every(({ pattern }) => !pattern.slice(0, -1).includes('*')) &&
    texts.every((text) => text.length <= MAX_TEXT_CHARS && text.isWellFormed()) &&
    texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) <= MAX_GOAL_BYTES &&
    new ParameterBits(goals).names.length <= MAX_PARAMETERS
  );
}

/** The parameters that may mean something, each with its bit. */
class ParameterBits {
  readonly #bits = new Map<string, number>();

  constructor(goals: readonly Goal[]) {
    const fields = goals.length > 0 ? FIELD_NAMES : [];
    for (const name of [
      ...fields.filter((field) => !isGivenByLine(field)).flatMap((field) => namesOf(field)),
      ...Object.values(CAMPAIGN_PARAMETERS).flat(),
      ...CLICK_ID_KINDS.keys(),
      ...goals.flatMap(({ parameters }) => [...parameters.values()]),
    ]) {
      if (!this.#bits.has(name)) this.#bits.set(name, this.#bits.size);
    }
  }

  get names(): readonly string[] {
    return [...this.#bits.keys()];
  }

  of(name: string): number {
    const bit = this.#bits.get(name);
    if (bit === undefined) throw new RangeError(`${name} is no parameter`);
    return bit;
  }

  maskOf(names: Iterable<string>): bigint {
    return [...names].reduce((mask, name) => mask | (1n << BigInt(this.of(name))), 0n);
  }
}

/** What a conversion is, who it is and when, the line says itself, unless a goal says otherwise. */
function isGivenByLine(field: FieldName): boolean {
  return field === 'type' || field === 'timestamp' || field === 'user_id';
}

export function accessTables(goals: readonly Goal[]): AccessTables {
  const bits = new ParameterBits(goals);
  const campaignRules = Object.entries(CAMPAIGN_PARAMETERS).map(([field, names]) => ({
    purpose: 0,
    // The table's keys are names of fields.
    field: field as keyof typeof CAMPAIGN_PARAMETERS,
    first: bits.maskOf(names),
    otherwise: 0n,
  }));
  /** What a request says of its campaign, be it a click or a conversion. */
  const usual = new Map<FieldName, bigint>([
    ...campaignRules.map(({ field, first }): [FieldName, bigint] => [field, first]),
    ['click_id', bits.maskOf(CLICK_ID_KINDS.keys())],
  ]);
  const goalRules = goals.flatMap(({ parameters }, i) =>
    FIELD_NAMES.flatMap((field) => {
      const parameter = parameters.get(field);
      if (parameter === undefined && isGivenByLine(field)) return [];
      const first = bits.maskOf(parameter === undefined ? namesOf(field) : [parameter]);
      return [{ purpose: i + 1, field, first, otherwise: usual.get(field) ?? 0n }];
    }),
  );
  return {
    names: bits.names,
    rules: [...campaignRules, ...goalRules],
    clickIds: [...CLICK_ID_KINDS].map(([kind, { paid, source, medium }]) => ({
      bit: bits.of(kind),
      kind,
      isPaid: paid,
      source,
      medium,
    })),
    noCampaign: CAMPAIGN_NOT_SET,
    goals: goals.map(({ pattern }) => ({
      path: pattern.replace(/\*$/, ''),
      isPrefix: pattern.endsWith('*'),
    })),
  };
}
