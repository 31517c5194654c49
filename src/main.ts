import { ServiceWorkerClient } from './app/service-worker-client.ts';
import { Session } from './app/session.ts';
import './embed/define.ts';
import './ui/app-shell.ts';

/** The page's entry: one session, shown by one app. */
// In a task of its own, after the scripts' own: a slow phone answers in between, and may paint.
await new Promise((resolve) => setTimeout(resolve));
const session = new Session({ catalogueUrl: new URL('catalogue.json', document.baseURI).href, keepsDrafts: true });
const app = document.querySelector('alcove-app');
if (app !== null) app.session = session;
void session.start();

// The development server builds no service worker.
if (import.meta.env.PROD && app !== null) {
  app.updates = new ServiceWorkerClient(new URL('service-worker.js', document.baseURI).href);
}
