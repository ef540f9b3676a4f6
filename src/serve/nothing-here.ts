/** What is answered where no route is: that there is none, or which methods there are. */
import { problem } from './problem.js';
import { hasHead, type ApiReply, type Route } from './route.js';

export function nothingHere(method: string, url: string, routes: readonly Route[]): ApiReply {
  const path = url.split('?', 1)[0] ?? '';
  const found = routes.filter((route) => route.path === path);
  if (found.length === 0) {
    return problem('not-found', { detail: `there is no ${path}`, hint: '/api/docs lists what there is' });
  }
  const allow = found
    .flatMap((route) => (hasHead(route) ? [route.method, 'HEAD'] : [route.method]))
    .join(', ');
  return problem('method-not-allowed', {
    detail: `expected ${allow} for ${path}, got ${method}`,
    headers: { allow },
  });
}
