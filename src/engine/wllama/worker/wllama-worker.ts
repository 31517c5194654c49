import { serveModel } from '../../worker-engine/worker/serve-model.ts';
import { WllamaHost } from './wllama-host.ts';

serveModel((post) => new WllamaHost(post));
