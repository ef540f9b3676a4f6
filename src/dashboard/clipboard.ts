/** Copies a command; where the browser has no clipboard to give (plain http, a refusal), shows it to be copied by hand. */
import { element, find, setText } from './dom.js';
import { toast } from './toast.js';

export async function copyCommand(command: string, copied: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(command);
    toast(copied, command);
  } catch {
    showCommand(command);
  }
}

function showCommand(command: string): void {
  const dialog = find('#command-dialog', HTMLDialogElement);
  const text = find('#command-text', HTMLElement);
  setText(text, command);
  dialog.showModal();
  text.focus();
  document.getSelection()?.selectAllChildren(text);
}

/** A command with its copy button, for places that ask the reader to run it. */
export function commandBlock(command: string): HTMLElement {
  const copy = element('button', { type: 'button', class: 'button' }, 'Copy');
  copy.addEventListener('click', () => void copyCommand(command, 'Copied'));
  return element('div', { class: 'command' }, element('code', { tabindex: 0 }, command), copy);
}
