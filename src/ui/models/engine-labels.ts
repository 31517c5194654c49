import { msg, str } from '@lit/localize';
import type { Backend } from '../../models/backend.ts';
import type { EngineId } from '../../models/model-record.ts';

interface EngineLabels {
  /** `web-llm (graphics card)` */
  readonly name: () => string;
  /** `On the processor, 2 threads (llama.cpp)`. @param backend undefined for an engine that has one */
  readonly backend: (backend: Backend | undefined) => string;
}

export const ENGINE_LABELS: Readonly<Record<EngineId, EngineLabels>> = {
  webllm: {
    name: () => msg('web-llm (graphics card)'),
    backend: () => msg('On the graphics card (web-llm)'),
  },
  wllama: {
    name: () => msg('llama.cpp (any device)'),
    backend: (backend) => {
      if (backend?.kind === 'webgpu') return msg('On the graphics card (llama.cpp)');
      if (backend?.kind === 'threads') return msg(str`On the processor, ${backend.threadCount} threads (llama.cpp)`);
      return msg('On the processor, one thread (llama.cpp)');
    },
  },
  server: {
    name: () => msg('Custom server'),
    backend: () => msg('On your server'),
  },
  browser: {
    name: () => msg('The browser’s own model'),
    backend: () => msg('In the browser’s own model'),
  },
  scripted: {
    name: () => msg('Scripted'),
    backend: () => msg('From a script'),
  },
};
