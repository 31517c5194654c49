import { askedCatalogueUrl, isAgreed, siteCatalogueUrl } from './app/catalogue-choice.ts';
import { ServiceWorkerClient } from './app/service-worker-client.ts';
import { Session } from './app/session.ts';
import './embed/define.ts';
import './ui/app-shell.ts';

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
  const asked = askedCatalogueUrl();
  if (asked === undefined) return siteCatalogueUrl();
  if (isAgreed(asked)) return asked;
  const { askAboutCatalogue } = await import('./ui/catalogue-question.ts');
  return (await askAboutCatalogue(asked)) ? asked : siteCatalogueUrl();
}
