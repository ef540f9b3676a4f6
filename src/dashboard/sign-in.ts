/** Asks for the read token where the server wants one. */
import { find, setText } from './dom.js';

export interface SignIn {
  /** `refused`: a token was given and is not the right one. */
  open(refused: boolean): void;
}

export function createSignIn(onToken: (token: string) => void): SignIn {
  const dialog = find('#sign-in', HTMLDialogElement);
  const form = find('#sign-in-form', HTMLFormElement);
  const token = find('#sign-in-token', HTMLInputElement);
  const error = find('#sign-in-error', HTMLElement);
  let isWanted = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const given = token.value.trim();
    if (given === '') return;
    token.value = '';
    isWanted = false;
    dialog.close();
    onToken(given);
  });
  // There is nothing to see behind it. A browser lets its closing be prevented once only; then it is opened again.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
  });
  dialog.addEventListener('close', () => {
    if (isWanted) dialog.showModal();
  });
  return {
    open(refused) {
      setText(error, refused ? 'The server does not take this token.' : '');
      token.setAttribute('aria-invalid', String(refused));
      isWanted = true;
      if (!dialog.open) dialog.showModal();
      token.focus();
    },
  };
}
