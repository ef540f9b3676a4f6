/** Light or dark: as the system says, or as was chosen here and kept. */

const KEY = 'mapipe.theme';
export type Theme = 'light' | 'dark';

const systemDark = matchMedia('(prefers-color-scheme: dark)');

function chosen(): Theme | null {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : null;
  } catch {
    // Storage may be forbidden; the system's choice still holds.
    return null;
  }
}

function currentTheme(): Theme {
  return chosen() ?? (systemDark.matches ? 'dark' : 'light');
}

/** Before the first paint, so that the page never flashes in the other theme. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = currentTheme();
}

export function toggleTheme(): void {
  const next: Theme = document.documentElement.dataset['theme'] === 'dark' ? 'light' : 'dark';
  try {
    // What the system says anyway need not be kept: the page then goes on following it.
    if (next === (systemDark.matches ? 'dark' : 'light')) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Not kept, but changed for now.
  }
  document.documentElement.dataset['theme'] = next;
}

export function onSystemTheme(changed: () => void): void {
  systemDark.addEventListener('change', changed);
}
