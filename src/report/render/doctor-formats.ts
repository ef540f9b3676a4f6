/** What `mapipe doctor` prints, by output format; each is loaded when it is asked for. */
import type { Diagnosis } from '../../doctor/diagnosis.js';
import type { OutputFormat } from './formats.js';
import type { ReportView } from './report-view.js';

/** How a diagnosis is to be shown; days and hours in the zone. */
export interface DoctorView extends Pick<ReportView, 'width' | 'style'> {
  readonly timeZone: string;
}

export interface DoctorRenderer {
  /** Text that ends with a newline, or is empty. */
  readonly diagnosis: (diagnosis: Diagnosis, view: DoctorView) => string;
  /** Whether that is the inputs only, so that the rest has to be said elsewhere. */
  readonly isInputsOnly: boolean;
}

const RENDERERS: Readonly<Record<OutputFormat, () => Promise<DoctorRenderer>>> = {
  table: async () => {
    const { renderDiagnosis } = await import('./doctor-text.js');
    return { isInputsOnly: false, diagnosis: renderDiagnosis };
  },
  json: async () => {
    const { diagnosisJson } = await import('./doctor-json.js');
    return { isInputsOnly: false, diagnosis: diagnosisJson };
  },
  ndjson: async () => {
    const { inputsNdjson } = await import('./doctor-json.js');
    return { isInputsOnly: true, diagnosis: inputsNdjson };
  },
  csv: async () => {
    const { inputsCsv } = await import('./doctor-rows.js');
    return { isInputsOnly: true, diagnosis: inputsCsv };
  },
  markdown: async () => {
    const { inputsMarkdown } = await import('./doctor-rows.js');
    return { isInputsOnly: true, diagnosis: inputsMarkdown };
  },
};

export async function loadDoctorRenderer(format: OutputFormat): Promise<DoctorRenderer> {
  return RENDERERS[format]();
}
