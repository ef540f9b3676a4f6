/**
 * The adapter to Fastify: makes an HTTP server of the routes. What a request has to pass, in order: the host, the rate
 * limit, the guard (origin, token, media type), the body's size and time; then the route's handler.
 */
import cors from '@fastify/cors';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { MapipeError, systemErrorCode } from '../errors.js';
import { isLoopback } from './allowed-hosts.js';
import { giveTime } from './body-deadline.js';
import { refuseHost, refuseRequest, type Policy } from './guard.js';
import { headerOf, headerWithTargetHost, IncomingRequest } from './incoming-request.js';
import { listenError, urlOf } from './listening.js';
import { nothingHere } from './nothing-here.js';
import { problem, problemOf } from './problem.js';
import { hasHead, type ApiReply, type Route } from './route.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { answerUnreadable } from './unreadable-request.js';

export interface HttpSettings extends Policy {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Requests a second of one token and address; null: 2,000, and none for this machine's own. */
  readonly requestsPerSecond: number | null;
}

export interface HttpObserver {
  readonly answered: (answer: { route: string; method: string; status: number; seconds: number }) => void;
  /** What a client is told no more of than that it is so: a store that failed, a bug. */
  readonly failed: (error: unknown) => void;
}

export interface HttpServer {
  readonly url: string;
  /** Takes no more connections; resolves when what was begun is answered, at the latest after `CLOSE_MS`. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;
const CLOSE_MS = 3_000;
const SWEEP_MS = 50;
const RATE_WINDOW_SECONDS = 10;
const DEFAULT_REQUESTS_PER_SECOND = 2_000;

export async function startHttpServer(
  routes: readonly Route[],
  settings: HttpSettings,
  observer: HttpObserver,
): Promise<HttpServer> {
  const stopping = new AbortController();
  const bulk = new Set(routes.filter(({ body }) => body?.kind === 'stream').map(({ path }) => path));
  const app = Fastify({
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Bodies have times of their own: that of a bulk request may arrive for hours.
    requestTimeout: 0,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: 1_000 },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, _request, reply) => {
      reply.headers(SECURITY_HEADERS);
      void send(reply, problem('bad-request', { detail: error.message }));
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const refusal =
      refuseHost(headerWithTargetHost(request.raw), settings) ??
      (stopping.signal.aborted
        ? problem('stopping', { detail: 'send the request again in a moment', retryAfter: 5 })
        : null);
    if (refusal) {
      await send(reply, refusal);
      return;
    }
    // What came with the headers has been read by the next turn: most bodies need no timer.
    await Promise.resolve();
    if (!request.raw.complete && !bulk.has(request.routeOptions.url ?? '')) giveTime(request.raw, reply.raw);
  });
  app.addHook('onResponse', (request, reply, done) => {
    observer.answered({
      route: request.routeOptions.url ?? 'none',
      method: request.method,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
    done();
  });
  if (settings.origins.length > 0) {
    await app.register(cors, {
      origin: [...settings.origins],
      methods: ['GET', 'HEAD', 'POST'],
      allowedHeaders: ['authorization', 'content-type', 'if-none-match', 'last-event-id'],
      exposedHeaders: ['etag', 'retry-after'],
      maxAge: 600,
    });
  }
  await limitRate(app, settings);
  readBodies(app);
  app.setErrorHandler((error, request, reply) => send(reply, replyFor(error, request, observer)));
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) =>
    send(reply, nothingHere(request.method, request.url, routes)),
  );
  for (const route of routes) addRoute(app, route, settings, stopping.signal);

  try {
    await app.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    throw listenError(error, settings.host, settings.port);
  }
  return {
    url: urlOf(settings.host, app.server.address()),
    close: async () => {
      stopping.abort();
      // A connection may become idle after the server has looked for those that are.
      const sweep = setInterval(() => {
        app.server.closeIdleConnections();
      }, SWEEP_MS);
      const force = setTimeout(() => {
        app.server.closeAllConnections();
      }, CLOSE_MS);
      await app.close();
      clearTimeout(force);
      clearInterval(sweep);
    },
  };
}

function addRoute(app: FastifyInstance, route: Route, policy: Policy, stopping: AbortSignal): void {
  const { body } = route;
  app.route({
    method: route.method,
    url: route.path,
    exposeHeadRoute: hasHead(route),
    ...(body?.kind === 'text' ? { bodyLimit: body.maxBytes } : {}),
    preParsing: (request, reply, payload, done) => {
      const refusal = refuseRequest(route, headerOf(request.raw), policy);
      if (refusal) {
        void send(reply, refusal);
        return;
      }
      done(null, payload);
    },
    handler: async (request, reply) =>
      send(reply, await route.handle(new IncomingRequest(request.raw, request.body, reply.raw, stopping))),
  });
}

/** Bodies come to the handlers as they were sent: amounts keep their text, streams are not gathered. */
function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  app.addContentTypeParser('application/x-ndjson', (_request, payload, done) => {
    done(null, payload);
  });
}

async function limitRate(app: FastifyInstance, { requestsPerSecond, tokens }: HttpSettings): Promise<void> {
  const perSecond = requestsPerSecond ?? DEFAULT_REQUESTS_PER_SECOND;
  await app.register(rateLimit, {
    max: perSecond * RATE_WINDOW_SECONDS,
    timeWindow: RATE_WINDOW_SECONDS * 1000,
    keyGenerator: (request) => `${tokens.bearerOf(request.headers.authorization)} ${request.ip}`,
    allowList: (request) => requestsPerSecond === null && isLoopback(request.ip.replace(/^::ffff:/, '')),
    errorResponseBuilder: (_request, { ttl }) =>
      new Refusal(
        problem('too-many-requests', {
          detail: `more than ${perSecond} requests a second came from this client`,
          retryAfter: Math.max(1, Math.ceil(ttl / 1000)),
        }),
      ),
  });
}

/** A reply thrown where a plugin lets us answer only by an error. */
class Refusal extends Error {
  readonly reply: ApiReply;

  constructor(reply: ApiReply) {
    super('refused');
    this.reply = reply;
  }
}

function replyFor(error: unknown, request: FastifyRequest, observer: HttpObserver): ApiReply {
  if (error instanceof Refusal) return error.reply;
  if (error instanceof MapipeError) {
    if (error.code.startsWith('MAPIPE_STORE')) observer.failed(error);
    return problemOf(error);
  }
  const code = systemErrorCode(error);
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    const { bodyLimit } = request.routeOptions;
    return problem('body-too-large', {
      detail: `a body here has at most ${bodyLimit} bytes`,
      hint: 'POST /api/events takes bodies of any size, a line an event',
      headers: { connection: 'close' },
    });
  }
  if (code?.startsWith('FST_ERR_CTP')) {
    return problem(code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE' ? 'unsupported-media-type' : 'bad-request', {
      detail: error instanceof Error ? error.message : 'the body cannot be read',
    });
  }
  observer.failed(error);
  return problemOf(error);
}

function send(reply: FastifyReply, { status, headers = {}, body }: ApiReply): FastifyReply {
  // What is still to come of a body that nobody reads is not waited for.
  if (!reply.request.raw.complete) reply.header('connection', 'close');
  return reply.code(status).headers(headers).send(body);
}
