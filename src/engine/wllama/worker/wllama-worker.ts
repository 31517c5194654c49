import { adaptWorkersOfLibrary } from '../../../platform/library-workers.ts';
import { serveModel } from '../../worker-engine/worker/serve-model.ts';
import { WllamaHost } from './wllama-host.ts';

adaptWorkersOfLibrary();
serveModel((post) => new WllamaHost(post));
