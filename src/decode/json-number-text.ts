/**
 * A number's digits as they stand in a JSON text. `JSON.parse` makes floats of numbers, which money and long ids must
 * not pass through; so the text, known to be valid JSON by then, is walked once more to the place.
 */

/** The source text of the value at `path` in a valid JSON object; undefined where there is none. Last of equal keys wins. */
export function jsonValueText(json: string, path: readonly string[]): string | undefined {
  return new JsonWalker(json).valueAt(path);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
const COMMA = 0x2c;

class JsonWalker {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  valueAt(path: readonly string[]): string | undefined {
    this.#skipTo('{');
    return this.#memberOf(path, 0);
  }

  /** Reads the object that opens here; on return, stands behind its end. */
  #memberOf(path: readonly string[], depth: number): string | undefined {
    let found: string | undefined;
    this.#at++; // {
    for (;;) {
      this.#skipBlanks();
      if (this.#text[this.#at] === '}') break;
      const key = this.#readKey();
      this.#skipTo(':');
      this.#at++;
      this.#skipBlanks();
      if (key !== path[depth]) {
        this.#skipValue();
      } else if (depth === path.length - 1) {
        const start = this.#at;
        this.#skipValue();
        found = this.#text.slice(start, this.#at).trimEnd();
      } else if (this.#text[this.#at] === '{') {
        found = this.#memberOf(path, depth + 1);
      } else {
        this.#skipValue();
        found = undefined;
      }
      this.#skipBlanks();
      if (this.#text[this.#at] !== ',') break;
      this.#at++;
    }
    this.#at++; // }
    return found;
  }

  #readKey(): string {
    const start = this.#at;
    this.#skipString();
    const token = this.#text.slice(start, this.#at);
    return token.includes('\\') ? String(JSON.parse(token)) : token.slice(1, -1);
  }

  #skipString(): void {
    for (this.#at++; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === BACKSLASH) this.#at++;
      else if (code === QUOTE || Number.isNaN(code)) break;
    }
    this.#at++;
  }

  #skipValue(): void {
    for (let open = 0; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) {
        this.#skipString();
        this.#at--;
      } else if (OPEN.has(code)) {
        open++;
      } else if (CLOSE.has(code)) {
        if (open === 0) return;
        open--;
        if (open === 0) {
          this.#at++;
          return;
        }
      } else if (code === COMMA && open === 0) {
        return;
      }
    }
  }

  #skipBlanks(): void {
    while (this.#text.charCodeAt(this.#at) <= 0x20) this.#at++;
  }

  #skipTo(mark: string): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== mark) this.#at++;
  }
}
