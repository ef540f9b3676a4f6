/** A figure against the period before: which way, by how much, in words. */

export type Direction = 'up' | 'down' | 'same';

export interface Change {
  readonly direction: Direction;
  /** Of the value before: 0.12 is 12 % more. null where a share says nothing (from zero, or from below it). */
  readonly share: number | null;
  readonly difference: number;
}

/** null where either side has nothing to compare. */
export function changeOf(now: number | null, before: number | null): Change | null {
  if (now === null || before === null) return null;
  const difference = now - before;
  const direction = difference > 0 ? 'up' : difference < 0 ? 'down' : 'same';
  return { direction, share: before > 0 ? difference / before : null, difference };
}
