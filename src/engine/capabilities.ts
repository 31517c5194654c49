import { AlcoveError } from '../platform/errors.ts';
import type { Capabilities, GenerateRequest, Sampling } from './engine.ts';
import { hasImages } from './prompt-text.ts';
import { offeredTools } from './tool-prompt.ts';

/** The sampling parameters that every engine supports. */
export const BASIC_SAMPLING = [
  'temperature',
  'topP',
  'frequencyPenalty',
  'presencePenalty',
  'seed',
  'maxTokens',
  'stop',
] as const satisfies readonly (keyof Sampling)[];

/** @throws AlcoveError `unsupported`; its `data.feature` names the first unsupported member of the request */
export function checkSupported(request: GenerateRequest, capabilities: Capabilities): void {
  const feature = missingFeature(request, capabilities);
  if (feature !== undefined) throw unsupported(feature);
}

export function unsupported(feature: string): AlcoveError {
  return new AlcoveError('unsupported', `${feature} is not supported`, { data: { feature } });
}

function missingFeature(request: GenerateRequest, capabilities: Capabilities): string | undefined {
  const {
    messages,
    sampling = {},
    thinking,
    tools,
    responseFormat,
    continueLast,
    perplexity,
    logprobs,
    rawPrompt,
  } = request;
  for (const [name, value] of Object.entries(sampling)) {
    if (value !== undefined && !capabilities.sampling.some((known) => known === name)) return name;
  }
  if (thinking !== undefined && !capabilities.thinkingSwitch) return 'thinking';
  if (tools !== undefined && tools.length > 0 && !capabilities.tools) return 'tools';
  if (responseFormat !== undefined && !capabilities.responseFormats.includes(responseFormat.type)) {
    return responseFormat.type;
  }
  // One grammar has room for one of them, and a call begins an answer.
  if (!capabilities.toolsWithFormat && offeredTools(request).length > 0) {
    if (responseFormat !== undefined) return responseFormat.type;
    if (continueLast) return 'continueLast';
  }
  if (messages.some(hasImages) && !capabilities.images) return 'images';
  if (continueLast && !capabilities.continueLast) return 'continueLast';
  if (perplexity && !capabilities.perplexity) return 'perplexity';
  if (logprobs !== undefined && logprobs > (capabilities.logprobs ?? -1)) return 'logprobs';
  if (rawPrompt && !capabilities.rawPrompt) return 'rawPrompt';
  return undefined;
}
