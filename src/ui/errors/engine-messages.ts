import { msg, str } from '@lit/localize';
import type { ErrorData } from '../../platform/errors.ts';
import { formatBytes, formatNumber } from '../lib/format.ts';
import { sentences } from '../lib/plural.ts';
import { chooseModel, download, reload, type SomeErrorMessages, text, tryAgain } from './error-message.ts';

/** Messages for errors of the device, the engine and generation. */
export const ENGINE_MESSAGES = {
  'webgpu-missing': () => ({
    title: msg('This browser cannot run models on the graphics card'),
    meaning: msg(
      'It does not support WebGPU. Current versions of Chrome, Edge, Firefox and Safari (26 or newer) do. You can still read your chats.',
    ),
  }),
  'gpu-adapter-missing': () => ({
    title: msg('No graphics card is available'),
    meaning: msg(
      'The browser supports WebGPU but found no graphics card that it may use. Hardware acceleration may be off in the browser’s settings, or a driver may be out of date.',
    ),
    action: { step: 'reload-page', label: msg('Check again') },
  }),
  'gpu-feature-missing': ({ feature }) => ({
    title: msg('This graphics card lacks a feature that the model needs'),
    meaning:
      feature === 'shader-f16'
        ? msg('The model needs 16-bit numbers (shader-f16). A model with f32 in its name runs without them.')
        : msg(str`The model needs ${text(feature)}. Another model may run.`),
    action: chooseModel(),
  }),
  'gpu-limit-too-low': ({ limit, needed, available }) => ({
    title: msg('This graphics card is too small for the model'),
    meaning:
      typeof needed === 'number' && typeof available === 'number'
        ? msg(str`It allows ${amount(limit, available)} (${text(limit)}); the model needs ${amount(limit, needed)}.`)
        : msg(str`One of its limits is too low: ${text(limit)}.`),
    action: chooseModel(),
  }),
  'memory-too-small': ({ neededBytes, availableBytes }) => ({
    title: msg('Too large for this device'),
    meaning:
      typeof neededBytes === 'number' && typeof availableBytes === 'number'
        ? msg(
            str`It takes ${formatBytes(neededBytes)} of memory; a tab here has about ${formatBytes(availableBytes)} at most.`,
          )
        : msg('It takes more memory than this device has.'),
    action: chooseModel(),
  }),
  'model-not-for-chat': () => ({
    title: msg('Not for chatting'),
    meaning: msg('This model turns text into vectors for search. It writes nothing.'),
    action: chooseModel(),
  }),
  'model-too-large': () => ({
    title: msg('Too large for a browser'),
    meaning: msg('It runs on a custom server.'),
    action: chooseModel(),
  }),
  'worker-failed': () => ({
    title: msg('A part of Alcove did not start'),
    meaning: msg(
      'Its script could not be loaded, or the page does not allow it. Reload the page. If that does not help, the browser’s console has the cause.',
    ),
    action: reload(),
  }),
  'engine-crashed': () => ({
    title: msg('The model stopped unexpectedly'),
    meaning: msg('The model restarts with your next message.'),
    action: tryAgain(),
  }),
  'engine-hung': () => ({
    title: msg('The model stopped responding'),
    meaning: msg('It was shut down. The model restarts with your next message.'),
    action: tryAgain(),
  }),
  'engine-busy': () => ({
    title: msg('Another answer is in progress'),
    meaning: msg('Wait for it to finish, or stop it, then send again.'),
  }),
  'device-lost': () => ({
    title: msg('The graphics card was lost'),
    meaning: msg(
      'The computer slept, switched graphics cards, or another program took it. The model loads again with your next message.',
    ),
    action: tryAgain(),
  }),
  'out-of-memory': () => ({
    title: msg('The model ran out of memory'),
    meaning: msg('Close other tabs and programs, or choose a smaller model.'),
    action: chooseModel(),
  }),
  'library-mismatch': () => ({
    title: msg('The model’s files do not match'),
    meaning: msg('Its compiled library and its weights are of different versions. Downloading it again may fix this.'),
    action: download(),
  }),
  'load-failed': () => ({
    title: msg('The model could not be loaded'),
    meaning: msg(
      'It is still stored. If it fails again, check the stored files under Storage, or choose a smaller model.',
    ),
    action: tryAgain(),
  }),
  'self-test-failed': () => ({
    title: msg('The model gives wrong answers'),
    meaning: msg(
      'After loading, it answered a test question wrongly or not at all. Its files may be damaged, or this device computes it incorrectly.',
    ),
    action: chooseModel(),
  }),
  'tab-killed': () => ({
    title: msg('The page crashed while this model was loading'),
    meaning: msg('The usual reason is too little memory. First choose whether to load it again.'),
  }),
  'model-not-loaded': () => ({
    title: msg('No model is loaded'),
    meaning: msg('It loads with your next message.'),
    action: tryAgain(),
  }),
  'generation-failed': () => ({
    title: msg('The answer was not finished'),
    meaning: msg('The model reported an error.'),
    action: tryAgain(),
  }),
  'template-failed': ({ reason }) => ({
    title: msg('This model’s chat template refuses the conversation'),
    meaning: sentences(
      reason === undefined ? '' : msg(str`It says: “${reason}”.`),
      msg('The chat is unchanged. Another model may take it as it is.'),
    ),
    action: chooseModel(),
  }),
  'context-exceeded': ({ promptTokens, contextWindow }) => ({
    title: msg('This chat is too long for the model'),
    meaning: sentences(
      typeof promptTokens === 'number' && typeof contextWindow === 'number'
        ? msg(
            str`It has ${formatNumber(promptTokens)} tokens; the model’s context window holds ${formatNumber(contextWindow)}.`,
          )
        : msg('It has more tokens than the model’s context window holds.'),
      msg('Nothing is lost: free some context, shorten the message, or choose a model with a larger context window.'),
    ),
    action: { step: 'make-room', label: msg('Free some context') },
  }),
  'context-full': ({ promptTokens, contextWindow }) => ({
    title: msg('The context window is full'),
    meaning: sentences(
      typeof promptTokens === 'number' && typeof contextWindow === 'number'
        ? fullness(promptTokens, contextWindow)
        : msg('With this message the chat has more tokens than the context window holds.'),
      msg('Nothing was sent. Alcove never drops messages silently.'),
    ),
  }),
  'message-too-long': ({ characters, limit }) => ({
    title: msg('Too long for a message'),
    meaning: sentences(
      typeof characters === 'number' && typeof limit === 'number'
        ? msg(
            str`The pasted text has ${formatNumber(characters)} characters; a message can have ${formatNumber(limit)} at most.`,
          )
        : msg('The pasted text is longer than a message can be.'),
      msg('Your message is unchanged. Paste a part of the text, or save it as a file.'),
    ),
    action: { step: 'save-text', label: msg('Save as a file') },
  }),
  'prompt-empty': () => ({ title: msg('There is nothing to send'), meaning: msg('Write a message first.') }),
  unsupported: ({ feature }) => ({
    title: msg('This model cannot do that here'),
    meaning: msg(
      str`The model or its engine does not support this: ${featureName(feature)}. Turn it off, or choose another model.`,
    ),
    action: chooseModel(),
  }),
  'browser-model-refused': ({ reason }) =>
    reason === 'NotReadableError'
      ? {
          title: msg('The browser held its model’s answer back'),
          meaning: msg('It filters what its own model writes. Ask in other words, or choose another model.'),
          action: chooseModel(),
        }
      : {
          title: msg('The browser did not let this page use its model'),
          meaning: msg(
            'It starts the download of its model only on a click or a key, and its settings or an administrator may turn the model off.',
          ),
          action: tryAgain(),
        },
} satisfies SomeErrorMessages;

/** Labels for what an engine may lack, by the names of the engine contract. A name without a label is shown as it is. */
function featureName(feature: ErrorData[string]): string {
  switch (feature) {
    case 'thinking':
      return msg('turning thinking on or off');
    case 'tools':
      return msg('tool calls');
    case 'json':
    case 'json-schema':
    case 'grammar':
      return msg('structured output');
    case 'images':
      return msg('images');
    case 'continueLast':
      return msg('continuing an answer');
    default:
      return text(feature);
  }
}

function amount(limit: ErrorData[string], value: number): string {
  return String(limit).toLowerCase().includes('size') ? formatBytes(value) : formatNumber(value);
}

/** A prompt that fits leaves too few tokens for the answer. */
function fullness(promptTokens: number, contextWindow: number): string {
  const [prompt, window] = [formatNumber(promptTokens), formatNumber(contextWindow)];
  const left = formatNumber(contextWindow - promptTokens);
  return promptTokens < contextWindow
    ? msg(
        str`With this message the chat has ${prompt} of the ${window} tokens that the context window holds. That leaves ${left} for the answer, which is too few.`,
      )
    : msg(
        str`With this message the chat has ${prompt} tokens; the context window holds ${window}, including the answer.`,
      );
}
