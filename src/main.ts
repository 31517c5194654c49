import { ServiceWorkerClient } from './session/service-worker-client.ts';
import { Session } from './session/session.ts';
import './embed/define.ts';
import './ui/shell/app-shell.ts';

/** The page's entry: one session, shown by one app. */
// In a task of its own, after the scripts' own: a slow phone answers in between, and may paint.
await new Promise((resolve) => setTimeout(resolve));
const session = new Session({ catalogueUrl: await catalogueUrl(), keepsDrafts: true });
const app = document.querySelector('alcove-app');
if (app !== null) app.session = session;
void session.start();

// The development server builds no service worker.
if (import.meta.env.PROD && app !== null) {
  app.updates = new ServiceWorkerClient(new URL('service-worker.js', document.baseURI).href);
}

/** The site's own catalogue, or the one that a link asks for and the reader has agreed to. */
async function catalogueUrl(): Promise<string> {
  if (new URLSearchParams(location.search).has('catalogue')) {
    const { askAboutCatalogue } = await import('./ui/models/catalogue-question.ts');
    const agreed = await askAboutCatalogue();
    if (agreed !== undefined) return agreed;
  }
  const named = document.querySelector<HTMLMetaElement>('meta[name="alcove-catalogue"]')?.content || 'catalogue.json';
  return new URL(named, document.baseURI).href;
}
