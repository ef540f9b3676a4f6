/** Runs one refresh at a time and at most about one a second, however many reasons for one come in. */

export interface Refresher {
  /** Soon; joins one that is waiting already. */
  request(): void;
  /** At once, dropping what is under way: what was asked for is no longer wanted. */
  restart(): Promise<boolean>;
  stop(): void;
}

const MIN_GAP_MS = 1_000;

export function createRefresher(refresh: (signal: AbortSignal) => Promise<boolean>): Refresher {
  let underWay: AbortController | null = null;
  let again = false;
  let startedAtMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<boolean> {
    clearTimeout(timer);
    timer = undefined;
    again = false;
    startedAtMs = performance.now();
    const controller = new AbortController();
    underWay = controller;
    const answered = await refresh(controller.signal);
    if (underWay !== controller) return answered;
    underWay = null;
    if (wantsAgain()) request();
    return answered;
  }

  function wantsAgain(): boolean {
    return again;
  }

  function request(): void {
    if (underWay) {
      again = true;
      return;
    }
    timer ??= setTimeout(() => void run(), Math.max(0, startedAtMs + MIN_GAP_MS - performance.now()));
  }

  return {
    request,
    restart() {
      underWay?.abort();
      underWay = null;
      return run();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      again = false;
      underWay?.abort();
      underWay = null;
    },
  };
}
