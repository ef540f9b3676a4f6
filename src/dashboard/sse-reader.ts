/** Server-sent events out of a byte stream. `EventSource` can't send an Authorization header, so the page reads them itself. */

export interface ServerEvent {
  readonly event: string;
  readonly data: string;
  readonly id: string | null;
}

/** Fed with text as it comes, gives back the events that are complete (WHATWG HTML, section 9.2). */
export class ServerEventParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #id: string | null = null;

  push(text: string): ServerEvent[] {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): ServerEvent | null {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    else if (field === 'id') this.#id = value;
    return null;
  }

  #dispatch(): ServerEvent | null {
    const event =
      this.#data.length === 0
        ? null
        : {
            event: this.#event || 'message',
            data: this.#data.join('\n'),
            id: this.#id,
          };
    this.#event = '';
    this.#data = [];
    return event;
  }
}
