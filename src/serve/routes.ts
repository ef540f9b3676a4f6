/** The table of routes: a new one is a file in routes/ and a line here. */
import type { Route } from './route.js';
import { analyticsRoute } from './routes/analytics.js';
import { bulkEventsRoute } from './routes/bulk-events.js';
import { dashboardRoutes } from './routes/dashboard.js';
import { documentationRoutes } from './routes/documentation.js';
import { healthRoute } from './routes/health.js';
import { latestEventsRoute } from './routes/latest-events.js';
import { metricsRoute } from './routes/metrics.js';
import { settingsRoute } from './routes/settings.js';
import { singleEventRoutes } from './routes/single-events.js';
import { streamRoute } from './routes/stream.js';
import type { ServerContext } from './server-context.js';

export function routesOf(context: ServerContext, dashboardFolder: URL): Route[] {
  const api = [
    ...singleEventRoutes(context),
    bulkEventsRoute(context),
    analyticsRoute(context),
    latestEventsRoute(context),
    streamRoute(context),
    healthRoute(context),
    settingsRoute(context),
    metricsRoute(context),
  ];
  return [...api, ...documentationRoutes(api, context.version), ...dashboardRoutes(dashboardFolder)];
}
