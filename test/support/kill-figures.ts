/** What became of kills, to be printed by long runs. */

interface Outcomes {
  kills: number;
  /** The process was still running. */
  landed: number;
  /** Part of the events stood in the store then. */
  behindCommit: number;
  /** Stored by then, in all. */
  events: number;
}

export class KillFigures {
  readonly #byKind = new Map<string, Outcomes>();

  add(kind: string, landed: boolean, storedEvents: number): void {
    const outcomes = this.#byKind.get(kind) ?? { kills: 0, landed: 0, behindCommit: 0, events: 0 };
    this.#byKind.set(kind, outcomes);
    outcomes.kills++;
    if (landed) outcomes.landed++;
    if (landed && storedEvents > 0) outcomes.behindCommit++;
    outcomes.events += storedEvents;
  }

  text(): string {
    const lines = [...this.#byKind].map(
      ([kind, { kills, landed, behindCommit, events }]) =>
        `kills (${kind}): ${kills}, ${landed} while it ran, ${behindCommit} of them with events stored before; ` +
        `${events} events found stored after them`,
    );
    return lines.join('\n');
  }
}
