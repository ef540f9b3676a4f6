/** Answers on the bare socket, where no request came to be that could be answered in order. */
import { STATUS_CODES } from 'node:http';
import { problem, PROBLEM_TYPE, type ProblemName } from './problem.js';
import { SECURITY_HEADERS } from './security-headers.js';

/** What is no HTTP, or came too slowly or too large to be read: answered on the bare socket. */
export function answerUnreadable(
  error: Error & { code?: string },
  socket: NodeJS.WritableStream & { destroyed?: boolean },
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const name: ProblemName =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? 'request-timeout'
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? 'headers-too-large'
        : 'bad-request';
  socket.end(rawAnswer(name, 'the request could not be read'));
}

/** A whole answer as it goes over the line; the connection ends with it. */
export function rawAnswer(name: ProblemName, detail: string): string {
  const { status, body } = problem(name, { detail });
  const text = typeof body === 'string' ? body : '';
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
    ...Object.entries(SECURITY_HEADERS).map(([name, value]) => `${name}: ${value}`),
    '',
    text,
  ].join('\r\n');
}
