import { msg, str } from '@lit/localize';
import type { BackendName } from '../../session/state/session-state.ts';
import { type Describable, describeError } from '../errors/error-messages.ts';

/** `On the processor, 2 threads (llama.cpp)` */
export function backendLabel({ engine, way }: BackendName): string {
  switch (engine) {
    case 'webllm':
      return msg('On the graphics card (web-llm)');
    case 'server':
      return msg('On your server');
    case 'scripted':
      return msg('From a script');
    case 'wllama':
      if (way?.rung === 'webgpu') return msg('On the graphics card (llama.cpp)');
      if (way?.rung === 'threads') return msg(str`On the processor, ${way.threadCount} threads (llama.cpp)`);
      return msg('On the processor, one thread (llama.cpp)');
  }
}

export function isOnGraphicsCard({ engine, way }: BackendName): boolean {
  return engine === 'webllm' || way?.rung === 'webgpu';
}

/** Why a way was left, in one sentence. */
export function failureLabel(error: Describable): string {
  switch (error.code) {
    case 'device-lost':
      return msg('The graphics card was taken away more than once.');
    case 'out-of-memory':
      return msg('Memory ran out.');
    case 'self-test-failed':
      return msg('Asked a question whose answer is known, it wrote something else.');
    case 'engine-crashed':
      return msg('It stopped unexpectedly.');
    case 'engine-hung':
      return msg('It stopped responding.');
    case 'tab-killed':
      return msg('Its load ended the page.');
    default:
      return msg(str`${describeError(error).title}.`);
  }
}
