import { enforceHosts } from './session/models/allowed-hosts.ts';
import { ServiceWorkerClient } from './session/service-worker-client.ts';
import { Session } from './session/session.ts';
import type { AppShell } from './ui/shell/app-shell.ts';
import './ui/shell/app-shell.ts';

/** Entry of the page: creates one session and shows it in the app. */
enforceHosts();
// Yield once so that a slow phone can paint and take input before the session starts.
await new Promise((resolve) => setTimeout(resolve));
const app = document.querySelector('alcove-app');
if (!isSecureContext) await showInsecureContext();
else if (app !== null) await start(app);

async function start(app: AppShell): Promise<void> {
  /** `?temporary`: what is written in this tab is kept nowhere. */
  const isKept = !new URLSearchParams(location.search).has('temporary');
  const session = new Session({ ...(await findCatalogue()), keepsChats: isKept, keepsDrafts: isKept });
  app.session = session;
  void session.start();
  // The development server has no service worker.
  if (import.meta.env.PROD) app.updates = new ServiceWorkerClient(new URL('service-worker.js', document.baseURI).href);
}

/** Over http, other than on localhost, nothing can start: says so below what the page is about. */
async function showInsecureContext(): Promise<void> {
  await import('./ui/errors/notice.ts');
  const notice = document.createElement('alcove-notice');
  notice.error = { code: 'insecure-context', data: {} };
  document.querySelector('alcove-app header')?.append(notice);
}

/** The site's own catalogue, or the one that a link names and the user has agreed to. */
async function findCatalogue(): Promise<{ readonly catalogueUrl: string; readonly isForeignCatalogue: boolean }> {
  if (new URLSearchParams(location.search).has('catalogue')) {
    const { askAboutCatalogue } = await import('./ui/models/catalogue-question.ts');
    const agreed = await askAboutCatalogue();
    if (agreed !== undefined) return { catalogueUrl: agreed, isForeignCatalogue: true };
  }
  const named = document.querySelector<HTMLMetaElement>('meta[name="alcove-catalogue"]')?.content || 'catalogue.json';
  return { catalogueUrl: new URL(named, document.baseURI).href, isForeignCatalogue: false };
}
