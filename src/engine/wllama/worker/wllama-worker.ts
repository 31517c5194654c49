import { trustWorkersOfLibrary } from '../../../platform/trusted-types.ts';
import { serveModel } from '../../worker-engine/worker/serve-model.ts';
import { WllamaHost } from './wllama-host.ts';

trustWorkersOfLibrary();
serveModel((post) => new WllamaHost(post));
