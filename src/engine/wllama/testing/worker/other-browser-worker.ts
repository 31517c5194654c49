import { serveModel } from '../../../worker-engine/worker/serve-model.ts';
import { WllamaHost } from '../../worker/wllama-host.ts';

/**
 * The real worker in a browser without JSPI, such as Safari; with Firefox's user agent if this worker is named `firefox`.
 */
Reflect.deleteProperty(WebAssembly, 'Suspending');
if (globalThis.name === 'firefox') {
  Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Firefox/150.0' });
}

serveModel((post) => new WllamaHost(post));
