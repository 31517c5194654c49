import { serveModel } from '../../worker/serve-model.ts';
import { WebLlmHost } from './webllm-host.ts';

serveModel((post) => new WebLlmHost(post));
