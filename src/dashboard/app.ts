/** The dashboard's life: the address says what is looked at, answers fill the page, the stream keeps it current. */
import { askAll, askStoreTotals, type Answers } from './answers.js';
import { createApiClient, RequestError } from './api-client.js';
import { DAY_MS } from './calendar.js';
import { copyCommand } from './clipboard.js';
import type { RangeChoice } from './date-range.js';
import { find, setText } from './dom.js';
import { freshnessOf, type Failure } from './freshness.js';
import { createLiveUpdates, type Phase } from './live-updates.js';
import { hideNotice, showNotice } from './notice.js';
import { createPage } from './page.js';
import { reportCommand } from './question.js';
import { createRefresher } from './refresher.js';
import { readSettings, readTotals, type Settings, type Totals } from './report-body.js';
import { createSignIn } from './sign-in.js';
import { applyTheme, onSystemTheme, toggleTheme } from './theme.js';
import { readViewState, withFilter, writeViewState, type ViewState } from './url-state.js';

/** A quiet store is asked too: dates change by themselves, and so does what the present is compared with. */
const RECHECK_MS = 60_000;
const DEFAULT_DAYS = 30;

const api = createApiClient();
let view = readViewState(location.search);
let settings: Settings | null = null;
let store: Totals | null = null;
/** Where no range is chosen; settled once, so that the page doesn't jump from one to another by itself. */
let defaultChoice: RangeChoice | null = null;
let shown: Answers | null = null;
let phase: Phase = 'connecting';
let updatedAtMs: number | null = null;
let failure: Failure | null = null;
let signedIn = false;

const page = createPage({
  chooseRange: (range) => {
    navigate({ ...view, range });
  },
  filter: (dimension, value) => {
    navigate(withFilter(view, dimension, value));
  },
  clearFilters: () => {
    navigate({ ...view, filters: new Map() });
  },
  compare: (compare) => {
    navigate({ ...view, compare });
  },
});

const refresher = createRefresher(refresh);

const live = createLiveUpdates({
  openStream: (lastEventId, signal) => api.stream('/api/stream', lastEventId, signal),
  poll: () => refresher.restart(),
  onEvent({ event, data }) {
    if (event !== 'totals') return;
    store = readTotals(JSON.parse(data)).totals;
    refresher.request();
  },
  onPhase(next) {
    // What happened while the connection was lost comes with its first message; a failed ask may wait for this.
    if (next === 'live' && failure !== null) refresher.request();
    phase = next;
    showFreshness();
  },
});

const signIn = createSignIn((token) => {
  api.signIn(token);
  signedIn = true;
  void refresher.restart();
});

async function refresh(signal: AbortSignal): Promise<boolean> {
  try {
    const asked = view;
    [settings, store] = await Promise.all([
      settings ?? loadSettings(signal),
      store?.last_event_at ? store : askStoreTotals(api, signal),
    ]);
    const choice = asked.range ?? rangeByDefault(store, settings);
    page.showView(asked, choice, settings.time_zone);
    const answers = await askAll(api, { view: asked, choice, settings, store }, signal);
    if (signal.aborted) return false;
    page.show(answers, settings, store, shown?.view === asked);
    shown = answers;
    find('#copy-command', HTMLButtonElement).disabled = false;
    succeed();
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    fail(error);
    return false;
  }
}

async function loadSettings(signal: AbortSignal): Promise<Settings> {
  const loaded = readSettings(await api.get('/api/settings', signal));
  find('#demo-banner', HTMLElement).hidden = !loaded.demo;
  setText(find('#version', HTMLElement), `mapipe ${loaded.version}`);
  setText(find('#store-zone', HTMLElement), `Times in ${loaded.time_zone}`);
  return loaded;
}

function rangeByDefault({ last_event_at: last }: Totals, { demo }: Settings): RangeChoice {
  // The demo holds two weeks: the second is told against the first.
  if (demo) return '7d';
  if (last === null) return '30d';
  defaultChoice ??= Date.now() - Date.parse(last) <= DEFAULT_DAYS * DAY_MS ? '30d' : 'all';
  return defaultChoice;
}

function succeed(): void {
  failure = null;
  updatedAtMs = Date.now();
  document.body.classList.remove('is-loading', 'is-behind');
  hideNotice();
  if (!document.hidden) live.start();
  showFreshness();
}

/** The last figures stay, marked as such. */
function fail(error: unknown): void {
  const refused = error instanceof RequestError && error.status >= 400 && error.status < 500;
  failure = refused && error.status !== 429 ? 'refused' : 'trouble';
  document.body.classList.remove('is-loading');
  document.body.classList.add('is-behind');
  showFreshness();
  // 403: a token that is good for something else, such as for sending events.
  if (error instanceof RequestError && (error.status === 401 || error.status === 403)) {
    live.stop();
    signIn.open(signedIn);
    return;
  }
  if (failure === 'refused') page.showRefusal();
  if (error instanceof RequestError) {
    const lifts = error.status === 404 && view.filters.size > 0;
    showNotice(
      sentence(error.message),
      error.hint === null ? null : sentence(error.hint),
      lifts
        ? {
            label: 'Clear the filters',
            run: () => {
              navigate({ ...view, filters: new Map() });
            },
          }
        : undefined,
    );
  } else {
    showNotice('Something went wrong on this page.', error instanceof Error ? sentence(error.message) : null);
  }
  if (!document.hidden) live.start();
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!…]$/.test(capital) ? capital : `${capital}.`;
}

function navigate(next: ViewState): void {
  history.pushState(null, '', `${location.pathname}${writeViewState(next)}`);
  lookAt(next);
}

function lookAt(next: ViewState): void {
  view = next;
  document.body.classList.add('is-loading');
  void refresher.restart();
}

function showFreshness(): void {
  const { tone, text } = freshnessOf(phase, updatedAtMs, failure, Date.now());
  const place = find('#freshness', HTMLElement);
  place.dataset['tone'] = tone;
  setText(find('#freshness-text', HTMLElement), text);
}

addEventListener('popstate', () => {
  lookAt(readViewState(location.search));
});

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    live.stop();
    refresher.stop();
  } else if (settings !== null || failure !== null) {
    void refresher.restart();
    live.start();
  }
});

find('#theme-toggle', HTMLButtonElement).addEventListener('click', () => {
  toggleTheme();
  page.redraw();
});
onSystemTheme(() => {
  applyTheme();
  page.redraw();
});

// Paper has the light theme.
matchMedia('print').addEventListener('change', () => {
  page.redraw();
});

find('#copy-command', HTMLButtonElement).addEventListener('click', () => {
  if (shown && settings) void copyCommand(reportCommand(settings.report_command, shown.question), 'Copied');
});

setInterval(showFreshness, 1_000);
setInterval(() => {
  if (!document.hidden && !find('#sign-in', HTMLDialogElement).open) refresher.request();
}, RECHECK_MS);
showFreshness();
void refresher.restart();
