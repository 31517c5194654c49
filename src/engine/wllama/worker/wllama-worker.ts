import { serveModel } from '../../worker/serve-model.ts';
import { WllamaHost } from './wllama-host.ts';

serveModel((post) => new WllamaHost(post));
