export interface NastyAccount {
  readonly lines: number;
  readonly accepted: number;
  readonly ignores: Readonly<Record<string, number>>;
  readonly rejects: Readonly<Record<string, number>>;
  /** By name as reports give it; null: of no campaign. */
  readonly campaigns: ReadonlyMap<
    string | null,
    { readonly clicks: number; readonly conversions: number; readonly revenueMicros: bigint }
  >;
}
export type NastyFormat = 'ndjson' | 'csv' | 'tsv' | 'logfmt' | 'text' | 'common' | 'combined';
export interface NastyInput {
  readonly name: string;
  readonly format: NastyFormat;
  readonly input: Buffer;
  /** The moment of the campaign `timed`, RFC 3339; null where there is no such thing. */
  readonly at: string | null;
  readonly isLarge: boolean;
  /** It is told to be no log where its format has to be guessed. */
  readonly isRefusedWhenGuessed: boolean;
  readonly expected: NastyAccount;
}
export function nastyInputs(wanted?: {
  readonly formats?: readonly NastyFormat[];
  readonly huge?: boolean;
}): Iterable<NastyInput>;
