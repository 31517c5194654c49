import { allowsPage, readAllowedPages } from './embed/hub/allowed-pages.ts';
import './embed/hub/hub-page.ts';
import { awaitPage } from './embed/hub/page-connection.ts';
import { enforceHosts } from './session/models/allowed-hosts.ts';

/** Entry of hub.html: the chat for other sites' pages, in a frame of theirs. */
enforceHosts();
const page = document.querySelector('alcove-hub-page');
const allowed = readAllowedPages(
  document.querySelector<HTMLMetaElement>('meta[name="alcove-hub-pages"]')?.content ?? '',
);
if (window.parent === window) page?.refuse('alone');
else {
  awaitPage(
    {
      window,
      parent: window.parent,
      // Not in every browser.
      ancestors: [...((location as { readonly ancestorOrigins?: DOMStringList }).ancestorOrigins ?? [])],
      allows: (origin) => allowsPage(allowed, origin),
    },
    (connection) => page?.serve(connection),
    (reason, origin) => page?.refuse(reason === 'version' ? 'outdated' : 'refused', origin),
  );
}
