import { msg, str } from '@lit/localize';
import type { ErrorData } from '../../platform/errors.ts';
import { formatBytes, formatNumber } from '../lib/format.ts';
import { sentences } from '../lib/plural.ts';
import { chooseModel, download, type SomeErrorMessages, text, tryAgain } from './error-message.ts';

/** Messages for errors of the device, the engine and generation. */
export const ENGINE_MESSAGES = {
  'webgpu-missing': () => ({
    title: msg('This browser cannot run models on the graphics card'),
    meaning: msg(
      'It has no WebGPU. A current Chrome, Edge, Firefox or Safari (26 or newer) has it. Your chats stay readable.',
    ),
  }),
  'gpu-adapter-missing': () => ({
    title: msg('No graphics card answers'),
    meaning: msg(
      'The browser knows WebGPU, but found no card that it may use. Often hardware acceleration is switched off in the browser’s settings, or a driver is out of date.',
    ),
    action: { step: 'reload-page', label: msg('Look again') },
  }),
  'gpu-feature-missing': ({ feature }) => ({
    title: msg('This graphics card lacks something that the model needs'),
    meaning:
      feature === 'shader-f16'
        ? msg('The model needs 16-bit numbers (shader-f16). Its variant with f32 in the name runs without them.')
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
            str`It takes ${formatBytes(neededBytes)} of memory; a tab here has at most some ${formatBytes(availableBytes)}.`,
          )
        : msg('It takes more memory than this device has.'),
    action: chooseModel(),
  }),
  'model-not-for-chat': () => ({
    title: msg('Not for chatting'),
    meaning: msg('This model turns text into numbers, for search. It writes nothing.'),
    action: chooseModel(),
  }),
  'model-too-large': () => ({
    title: msg('Too large for a browser'),
    meaning: msg('It runs on a server of your own.'),
    action: chooseModel(),
  }),
  'engine-crashed': () => ({
    title: msg('The model stopped unexpectedly'),
    meaning: msg('What it had written is kept. It starts again by itself with the next message.'),
    action: tryAgain(),
  }),
  'engine-hung': () => ({
    title: msg('The model stopped responding'),
    meaning: msg('It was ended. What it had written is kept, and it starts again by itself with the next message.'),
    action: tryAgain(),
  }),
  'engine-busy': () => ({
    title: msg('Another answer is being written'),
    meaning: msg('Wait for it to end, or stop it, and send again.'),
  }),
  'device-lost': () => ({
    title: msg('The graphics card was taken away'),
    meaning: msg(
      'The computer slept, switched cards, or another program needed it. What was written is kept. The model loads again by itself with the next message.',
    ),
    action: tryAgain(),
  }),
  'out-of-memory': () => ({
    title: msg('The graphics card ran out of memory'),
    meaning: msg('What was written is kept. Close other tabs and programs that draw a lot, or choose a smaller model.'),
    action: chooseModel(),
  }),
  'library-mismatch': () => ({
    title: msg('The model’s parts do not belong together'),
    meaning: msg('Its program and its weights come from different versions. A new download may bring matching ones.'),
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
    title: msg('The model does not answer as it should'),
    meaning: msg(
      'Once loaded it was asked a question whose answer is known, and what it wrote was wrong or no text at all. Its files may be damaged, or this device calculates it wrongly.',
    ),
    action: chooseModel(),
  }),
  'tab-killed': () => ({
    title: msg('The page ended while this model was loading'),
    meaning: msg('Most often too little memory is left then. Answer first whether to load it again.'),
  }),
  'model-not-loaded': () => ({
    title: msg('No model is loaded'),
    meaning: msg('It loads by itself with the next message.'),
    action: tryAgain(),
  }),
  'generation-failed': () => ({
    title: msg('The answer broke off'),
    meaning: msg('What was written is kept.'),
    action: tryAgain(),
  }),
  'context-exceeded': ({ promptTokens, contextWindow }) => ({
    title: msg('This chat is longer than the model can read'),
    meaning: sentences(
      typeof promptTokens === 'number' && typeof contextWindow === 'number'
        ? msg(
            str`It takes ${formatNumber(promptTokens)} tokens, the model reads ${formatNumber(contextWindow)} at once.`,
          )
        : msg('It has more tokens than the model reads at once.'),
      msg('Nothing is lost: make room, shorten the message, or choose a model with a larger context window.'),
    ),
    action: { step: 'make-room', label: msg('Make room') },
  }),
  'context-full': ({ promptTokens, contextWindow }) => ({
    title: msg('The context window is full'),
    meaning: sentences(
      typeof promptTokens === 'number' && typeof contextWindow === 'number'
        ? msg(
            str`With this message the chat takes ${formatNumber(promptTokens)} tokens; the model reads ${formatNumber(contextWindow)} at once, its answer included.`,
          )
        : msg('With this message the chat has more tokens than the model reads at once.'),
      msg('Nothing was sent, and nothing is left out silently.'),
    ),
  }),
  'message-too-long': ({ characters, limit }) => ({
    title: msg('Too long for a message'),
    meaning: sentences(
      typeof characters === 'number' && typeof limit === 'number'
        ? msg(
            str`What was pasted has ${formatNumber(characters)} characters; a message has at most ${formatNumber(limit)}.`,
          )
        : msg('What was pasted is longer than a message can be.'),
      msg('What you had typed is as it was. Paste a part of it, or keep it as a file.'),
    ),
    action: { step: 'save-text', label: msg('Save it as a file') },
  }),
  'prompt-empty': () => ({ title: msg('There is nothing to send'), meaning: msg('Write a message first.') }),
  unsupported: ({ feature }) => ({
    title: msg('This model cannot do that here'),
    meaning: msg(
      str`The model, or what runs it, does not know this: ${featureName(feature)}. Switch it off, or choose another model.`,
    ),
    action: chooseModel(),
  }),
} satisfies SomeErrorMessages;

/** Labels for what an engine may lack, by the names of the engine contract. A name without a label is shown as it is. */
function featureName(feature: ErrorData[string]): string {
  switch (feature) {
    case 'thinking':
      return msg('switching the thinking on or off');
    case 'tools':
      return msg('calling tools');
    case 'json':
    case 'json-schema':
    case 'grammar':
      return msg('answers in a given form');
    case 'images':
      return msg('images');
    case 'continueLast':
      return msg('going on with an answer');
    default:
      return text(feature);
  }
}

function amount(limit: ErrorData[string], value: number): string {
  return String(limit).toLowerCase().includes('size') ? formatBytes(value) : formatNumber(value);
}
