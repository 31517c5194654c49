/*
 * web-llm with a KV cache that is emptied before each prompt: what its answers are compared with.
 */
import { serveModel } from '../../../worker-engine/worker/serve-model.ts';
import { PromptCache } from '../../worker/prompt-cache.ts';
import { WebLlmHost } from '../../worker/webllm-host.ts';

const begin = PromptCache.prototype.begin;
PromptCache.prototype.begin = function (prompt) {
  this.forget();
  return begin.call(this, prompt);
};

serveModel((post) => new WebLlmHost(post));
