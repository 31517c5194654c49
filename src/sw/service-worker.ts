import { announceRequests } from '../platform/requests.ts';
import type { ShellMessage } from '../platform/shell-protocol.ts';
import { llamaBuild } from '../platform/wasm-build.ts';
import { isolated } from './isolation.ts';
import { LiveFile } from './live-file.ts';
import { type PrecacheList, Shell } from './shell.ts';

declare const self: ServiceWorkerGlobalScope;

announceRequests();

const { scope } = self.registration;
const shell = new Shell(scope, self.__WB_MANIFEST.filter(runsHere));
const catalogue = new LiveFile(`${scope}catalogue.json`, `alcove-catalogue ${scope}`, isCatalogue);

self.addEventListener('install', (event) => shell.install(event));

self.addEventListener('activate', (event) => {
  event.waitUntil(shell.tidy(event, self.registration));
  // Serves the page that registered the first version at once, so that its later loads cost no request.
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  const message = event.data as ShellMessage;
  // A new version takes over only when the user agrees; otherwise it waits until the old pages are closed.
  if (message.type === 'alcove-apply-update') event.waitUntil(self.skipWaiting());
  if (message.type === 'alcove-tidy') event.waitUntil(shell.tidy(event, self.registration));
});

// Requests that are not for the shell (weights, other hosts, range requests) go to the network untouched.
self.addEventListener('fetch', (event) => {
  const address = shell.addressOf(event.request);
  if (address === undefined) return;
  event.respondWith(address === catalogue.url ? answerCatalogue(event) : answer(address, event.request));
});

/** Caches only the one of llama.cpp's two builds, 9 and 16 MB, that this browser runs. */
function runsHere(entry: PrecacheList[number]): boolean {
  const url = typeof entry === 'string' ? entry : entry.url;
  if (!/^assets\/wllama-.*\.wasm$/.test(url)) return true;
  return url.startsWith('assets/wllama-compat-') === (llamaBuild() === 'compat');
}

async function answer(address: string, request: Request): Promise<Response> {
  return isolated((await shell.match(address)) ?? (await fetch(request)));
}

async function answerCatalogue(event: FetchEvent): Promise<Response> {
  const refreshed = catalogue.refresh();
  event.waitUntil(refreshed.catch(() => undefined));
  const shipped = async (): Promise<Response | undefined> => catalogue.sound(await shell.match(catalogue.url));
  return isolated((await catalogue.match()) ?? (await shipped()) ?? (await refreshed));
}

/** Whether a text is a catalogue of a version that this app reads: see src/models/catalogue/catalogue.ts. */
function isCatalogue(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && 'version' in json && [1, 2].includes(Number(json.version));
  } catch {
    return false;
  }
}
