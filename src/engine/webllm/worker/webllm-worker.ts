import { serveModel } from '../../worker-engine/worker/serve-model.ts';
import { WebLlmHost } from './webllm-host.ts';

serveModel((post) => new WebLlmHost(post));
