/** Numbers that the kernel and its host (`../kernel-layout.ts`) agree on. A test compares the two. */

/** Fields: the texts in the order of TEXT_FIELDS, then what is no text. */
export const CAMPAIGN_ID = 0;
export const USER_ID = 1;
export const SOURCE = 2;
export const MEDIUM = 3;
export const AD_ID = 4;
export const TERM = 5;
export const CLICK_ID = 6;
export const CLICK_ID_KIND = 7;
export const PRODUCT = 8;
export const CURRENCY = 9;
export const ORDER_ID = 10;
export const EVENT_ID = 11;
export const TEXT_FIELD_COUNT: u32 = 12;
export const TYPE = 12;
export const TIMESTAMP = 13;
export const AMOUNT = 14;
/** A name that stands for no field. */
export const UNKNOWN = 15;

/** Texts that are many are kept as keys, those that repeat as codes of a dictionary. */
export const KEYED: u32 = (1 << USER_ID) | (1 << CLICK_ID) | (1 << ORDER_ID) | (1 << EVENT_ID);

/** Rows a batch can hold: 15 of DuckDB's vectors. */
export const MAX_ROWS: u32 = 30720;
/** … and what a record that the reference gives up may add to them. */
export const ROW_CAPACITY: u32 = MAX_ROWS + 1024;

/** A line longer than this is the reference's to reject. */
export const MAX_LINE_BYTES: u32 = 1 << 20;
/** Texts longer than this are left to the reference. */
export const MAX_TEXT_BYTES: u32 = 1 << 10;

/** What made `decode` come back. */
export const ALL_READ = 0;
export const BATCH_FULL = 1;
/** The line at `unsureStart()` is the reference's to decode; `decode` goes on behind it. */
export const UNSURE = 2;
/** The host is to say whether the user agent of the next line is a bot (access logs). */
export const NEW_AGENT = 3;

/** Event types, as TYPE_CODE; and what a name of other events means. */
export const CLICK: u32 = 0;
export const CONVERSION: u32 = 1;
export const REFUND: u32 = 2;
export const OTHER_EVENT: u32 = 3;
export const NO_TYPE: u32 = 255;
/** Added to what a type's name means where its vocabulary has names of its own for the fields. */
export const VOCABULARY: u32 = 4;

/** What the lines are. */
export const NDJSON: u32 = 0;
export const DELIMITED: u32 = 1;
export const ACCESS_LOG: u32 = 2;
