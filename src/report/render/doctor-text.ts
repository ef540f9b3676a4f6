/** A diagnosis as a terminal shows it: the verdict first, what is wrong, what the store holds, the inputs it knows. */
import type { Diagnosis } from '../../doctor/diagnosis.js';
import type { KnownInput } from '../../input/known-inputs.js';
import type { Finding, StoreContents, StoreExamination } from '../../store/examination.js';
import type { DoctorView } from './doctor-formats.js';
import { formatBytes, formatCount, NO_VALUE, plural } from './number-format.js';
import { renderTable, type StyledColumn } from './table.js';
import { localMoment } from './time-format.js';
import { visible } from './visible.js';
import { wrapParts, wrapWords } from './wrap-parts.js';

export function renderDiagnosis(diagnosis: Diagnosis, view: DoctorView): string {
  const { location, store, inputs } = diagnosis;
  const facts = wrapParts([visible(location), ...factsOf(store)], view.width).map(view.style.dim);
  const sections = [
    [renderVerdict(diagnosis, view), ...facts].join('\n'),
    renderFindings(diagnosis, view),
    store.contents === null ? '' : renderContents(store.contents, view),
    renderInputs(inputs, view),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** `sound`, or how much is wrong with it. */
export function renderVerdict({ problems, warnings }: Diagnosis, { style }: DoctorView): string {
  const parts = [
    ...(problems.length > 0 ? [style.bad(plural(problems.length, 'problem'))] : []),
    ...(warnings.length > 0 ? [plural(warnings.length, 'warning')] : []),
  ];
  if (problems.length > 0) return style.bold(parts.join(', '));
  return style.bold([style.good('sound'), ...parts].join(', '));
}

/** Each finding with what to do about it; empty where there is none. */
export function renderFindings({ problems, warnings }: Diagnosis, { width, style }: DoctorView): string {
  const render = ({ code, message, hint }: Finding, title: string): string => {
    const inner = width === undefined ? undefined : width - INDENT.length;
    const text = wrapWords([visible(`${message}.`), visible(`→ ${hint}`)], inner);
    return `${title} ${style.dim(code)}\n${text.replace(/^/gm, INDENT)}`;
  };
  return [
    ...problems.map((finding) => render(finding, style.bad('problem'))),
    ...warnings.map((finding) => render(finding, style.bold('warning'))),
  ].join('\n');
}

const INDENT = '  ';

function factsOf(store: StoreExamination): string[] {
  const { engine, schemaVersion, currentSchemaVersion, sizeBytes, logBytes, freeBytes } = store;
  const schema =
    schemaVersion === 0 || schemaVersion === currentSchemaVersion
      ? `schema ${currentSchemaVersion}`
      : `schema ${schemaVersion}, ${currentSchemaVersion} from the next commit on`;
  return [
    ...(engine === null ? [] : [visible(engine), schema]),
    formatBytes(sizeBytes),
    ...(logBytes > 0 ? [`log ${formatBytes(logBytes)}`] : []),
    ...(freeBytes === null ? [] : [`${formatBytes(freeBytes)} free`]),
  ];
}

function renderContents(contents: StoreContents, { width, style, timeZone }: DoctorView): string {
  const { events, firstEventMicros: first, lastEventMicros: last } = contents;
  const total = [...events.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return 'it holds no events yet';
  const byType = [...events].filter(([, count]) => count > 0).map(([type, count]) => plural(count, type));
  const named = [
    plural(contents.campaigns, 'campaign'),
    plural(contents.users, 'user'),
    plural(contents.texts, 'text'),
    ...(contents.currencies.length > 0 ? [contents.currencies.map(visible).join(' ')] : []),
  ];
  const [from, to] = [first, last].map((at) => (at === null ? NO_VALUE : localMoment(at, timeZone)));
  return [
    style.bold(plural(total, 'event')),
    ...wrapParts(byType, width),
    ...wrapParts([`${from} to ${to}`, visible(timeZone)], width),
    ...wrapParts(named, width),
  ].join('\n');
}

function renderInputs(inputs: readonly KnownInput[], { width, style }: DoctorView): string {
  if (inputs.length === 0) return '';
  const columns: StyledColumn[] = [
    { title: 'Input', align: 'left', priority: 9, truncatable: true },
    { title: 'Lines', align: 'right', priority: 3 },
    { title: 'Read', align: 'right', priority: 4 },
    { title: 'Unread', align: 'right', priority: 5 },
    { title: 'State', align: 'left', priority: 8 },
  ];
  const rows = inputs.map(({ name, source, readLines, readBytes, unreadBytes, state }) => [
    visible(source === null ? name : `${name} (${source})`),
    formatCount(readLines),
    formatBytes(readBytes),
    unreadBytes === null ? NO_VALUE : formatBytes(unreadBytes),
    state,
  ]);
  const isLost = inputs.some(({ name, state }) => state === 'gone' && !name.startsWith('/'));
  const note = isLost ? ['Relative names are looked for from this folder.'] : [];
  const { text } = renderTable({ columns, rows, width, style });
  return [text, ...(note.length > 0 ? [style.dim(wrapWords(note, width))] : [])].join('\n');
}
