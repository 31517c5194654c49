import type { ShellMessage } from '../platform/shell-protocol.ts';
import { llamaBuild } from '../platform/wasm-build.ts';
import { isolated } from './isolation.ts';
import { LiveFile } from './live-file.ts';
import { type PrecacheList, Shell } from './shell.ts';

declare const self: ServiceWorkerGlobalScope;

const { scope } = self.registration;
const shell = new Shell(scope, self.__WB_MANIFEST.filter(runsHere));
const catalogue = new LiveFile(`${scope}catalogue.json`, `alcove-catalogue ${scope}`);

self.addEventListener('install', (event) => shell.install(event));

self.addEventListener('activate', (event) => {
  event.waitUntil(shell.tidy(event, self.registration));
  // The page that brought the first version is served from here at once: what it has yet to load costs no request.
  event.waitUntil(self.clients.claim());
});

self.addEventListener('message', (event) => {
  const message = event.data as ShellMessage;
  // Only the user's word makes a new version take over; without it, it waits until the old pages are gone.
  if (message.type === 'alcove-apply-update') event.waitUntil(self.skipWaiting());
  if (message.type === 'alcove-tidy') event.waitUntil(shell.tidy(event, self.registration));
});

// What is not the shell's (weights, other hosts, range requests) goes to the network untouched.
self.addEventListener('fetch', (event) => {
  const address = shell.addressOf(event.request);
  if (address === undefined) return;
  event.respondWith(address === catalogue.url ? answerCatalogue(event) : answer(address, event.request));
});

/** Of llama.cpp's two builds, 9 and 16 MB, only the one that this browser runs is kept. */
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
  return isolated((await catalogue.match()) ?? (await shell.match(catalogue.url)) ?? (await refreshed));
}
