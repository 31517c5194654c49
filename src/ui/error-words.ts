import type { ErrorCode, ErrorData } from '../errors.ts';
import type { NextStep } from './events.ts';
import { formatBytes, formatNumber, formatSeconds } from './format.ts';

/** An error in words: what happened, what it means, what to do. */
export interface ErrorWords {
  readonly title: string;
  readonly meaning: string;
  readonly action?: { readonly step: NextStep; readonly label: string };
}

/** What words are made of: an AlcoveError, a WireError, or the reason why a model does not fit. */
export interface Describable {
  readonly code: ErrorCode;
  readonly data: ErrorData;
}

const tryAgain = { step: 'try-again', label: 'Try again' } as const;
const chooseModel = { step: 'choose-model', label: 'Choose another model' } as const;
const download = { step: 'download', label: 'Download again' } as const;
const goOn = { step: 'download', label: 'Go on' } as const;
const freeSpace = { step: 'free-space', label: 'Free space' } as const;

type Words = ErrorWords | ((data: ErrorData) => ErrorWords);

/** Every code has words: the compiler asks for those of a new one here. */
const WORDS: Readonly<Record<ErrorCode, Words>> = {
  'webgpu-missing': {
    title: 'This browser cannot run models on the graphics card',
    meaning:
      'It has no WebGPU. A current Chrome, Edge, Firefox or Safari (26 or newer) has it. Your chats stay readable.',
  },
  'gpu-adapter-missing': {
    title: 'No graphics card answers',
    meaning:
      'The browser knows WebGPU, but found no card that it may use. Often hardware acceleration is switched off in the browser’s settings, or a driver is out of date.',
    action: { step: 'reload-page', label: 'Look again' },
  },
  'gpu-feature-missing': ({ feature }) => ({
    title: 'This graphics card lacks something that the model needs',
    meaning: `The model needs ${feature === 'shader-f16' ? '16-bit numbers (shader-f16)' : text(feature)}. ${
      feature === 'shader-f16' ? 'Its variant with f32 in the name runs without them.' : 'Another model may run.'
    }`,
    action: chooseModel,
  }),
  'gpu-limit-too-low': ({ limit, needed, available }) => ({
    title: 'This graphics card is too small for the model',
    meaning:
      typeof needed === 'number' && typeof available === 'number'
        ? `It allows ${amount(limit, available)} (${text(limit)}); the model needs ${amount(limit, needed)}.`
        : `Its ${text(limit, 'size')} is too low.`,
    action: chooseModel,
  }),
  'model-too-large': {
    title: 'Too large for a browser',
    meaning: 'It runs on a server of your own.',
    action: chooseModel,
  },
  'engine-crashed': {
    title: 'The model stopped unexpectedly',
    meaning: 'What it had written is kept. It starts again by itself with the next message.',
    action: tryAgain,
  },
  'engine-hung': {
    title: 'The model stopped responding',
    meaning: 'It was ended. What it had written is kept, and it starts again by itself with the next message.',
    action: tryAgain,
  },
  'engine-busy': {
    title: 'Another answer is being written',
    meaning: 'Wait for it to end, or stop it, and send again.',
  },
  'device-lost': {
    title: 'The graphics card was taken away',
    meaning:
      'The computer slept, switched cards, or another program needed it. What was written is kept. The model loads again by itself with the next message.',
    action: tryAgain,
  },
  'out-of-memory': {
    title: 'The graphics card ran out of memory',
    meaning: 'What was written is kept. Close other tabs and programs that draw a lot, or choose a smaller model.',
    action: chooseModel,
  },
  'library-mismatch': {
    title: 'The model’s parts do not belong together',
    meaning: 'Its program and its weights come from different versions. A new download may bring matching ones.',
    action: download,
  },
  'load-failed': {
    title: 'The model could not be loaded',
    meaning: 'It is still stored. If it fails again, check the stored files under Storage, or choose a smaller model.',
    action: tryAgain,
  },
  'model-not-loaded': {
    title: 'No model is loaded',
    meaning: 'It loads by itself with the next message.',
    action: tryAgain,
  },
  'generation-failed': {
    title: 'The answer broke off',
    meaning: 'What was written is kept.',
    action: tryAgain,
  },
  'context-exceeded': ({ promptTokens, contextWindow }) => ({
    title: 'This chat is longer than the model can read',
    meaning: `${
      typeof promptTokens === 'number' && typeof contextWindow === 'number'
        ? `It takes ${formatNumber(promptTokens)} tokens, the model reads ${formatNumber(contextWindow)} at once.`
        : 'It has more tokens than the model reads at once.'
    } Nothing is lost: begin a new chat, shorten the message, or choose a model with a larger context window.`,
    action: { step: 'new-chat', label: 'New chat' },
  }),
  'prompt-empty': { title: 'There is nothing to send', meaning: 'Write a message first.' },

  offline: {
    title: 'No connection',
    meaning: 'What has arrived is safe and is not fetched again. Models that are on this device go on working.',
    action: goOn,
  },
  stalled: {
    title: 'The connection stands still',
    meaning: 'The server sends nothing any more. What has arrived is safe.',
    action: goOn,
  },
  'not-found': ({ url }) => ({
    title: 'The file is not there',
    meaning: `${host(url)} says that it has no such file (404). The model may have been moved or renamed.`,
    action: chooseModel,
  }),
  'access-denied': ({ url }) => ({
    title: 'The server does not hand out this model',
    meaning: `${host(url)} asks for a login or a licence to be accepted first (401 or 403).`,
    action: chooseModel,
  }),
  'rate-limited': ({ url, retryAfterMs }) => ({
    title: 'The server asks for a pause',
    meaning: `${host(url)} has had too many requests from here. ${
      typeof retryAfterMs === 'number'
        ? `It allows more in ${formatSeconds(retryAfterMs / 1_000)}.`
        : 'Try again in a few minutes.'
    } What has arrived is safe.`,
    action: goOn,
  }),
  'server-error': ({ url, status }) => ({
    title: 'The server has a problem',
    meaning: `${host(url)} answered with ${status === undefined ? 'an error' : `error ${status}`}. What has arrived is safe.`,
    action: goOn,
  }),
  'not-weights': ({ url }) => ({
    title: 'A web page came instead of the model',
    meaning: `${host(url)} sent a page. A network with a login page, such as in a hotel, does that. Nothing of it was stored.`,
    action: tryAgain,
  }),
  'file-truncated': ({ path, expectedBytes, receivedBytes }) => ({
    title: 'A file ended too early',
    meaning: `${text(path, 'A file')} ${
      typeof expectedBytes === 'number' && typeof receivedBytes === 'number'
        ? `has ${formatBytes(receivedBytes)} of ${formatBytes(expectedBytes)}`
        : 'is shorter than the server promised'
    }. What has arrived is safe.`,
    action: goOn,
  }),
  'file-corrupt': ({ path, host: from }) => ({
    title: 'A file is not what it should be',
    meaning: `The checksum of ${text(path, 'a file')}${from === undefined ? '' : ` from ${text(from)}`} is wrong, so it was thrown away. All other files are kept.`,
    action: { step: 'download', label: 'Fetch it again' },
  }),
  'file-changed': ({ path }) => ({
    title: 'The model changed on the server',
    meaning: `${text(path, 'A file')} differs from the version that this download began with, and mixed versions would not run. Cancel and begin anew.`,
  }),
  'blocked-by-policy': ({ host: blocked }) => ({
    title: 'This page may not fetch from there',
    meaning: `Its security policy does not allow ${text(blocked)}, or a host that it redirects to. In Alcove itself you can allow it in the settings, under Hosts; on another site, whoever runs it can add it to connect-src.`,
  }),

  'quota-exceeded': ({ neededBytes, freeBytes }) => ({
    title: 'Not enough space',
    meaning: `${
      typeof neededBytes === 'number' && typeof freeBytes === 'number'
        ? `${formatBytes(neededBytes)} are needed, the browser gives ${formatBytes(Math.max(0, freeBytes))}.`
        : 'The browser gives no more room.'
    } What is stored is safe. Delete a model that you no longer use, or free space on the disk.`,
    action: freeSpace,
  }),
  'storage-unavailable': {
    title: 'This browser window does not keep anything',
    meaning:
      'Private windows and some settings forbid storage. Chats last as long as this tab, and models cannot be kept: open a normal window for that.',
  },
  'storage-blocked': {
    title: 'Another tab holds an older version open',
    meaning: 'Close the other tabs of this page, then go on here.',
    action: { step: 'reload-page', label: 'Load this page again' },
  },
  'storage-outdated': {
    title: 'A newer version of this page is open in another tab',
    meaning:
      'This tab can no longer save. What it shows stays until you load it again: copy first what you want to keep.',
    action: { step: 'reload-page', label: 'Load this page again' },
  },
  'model-in-use': {
    title: 'Another tab is using this model',
    meaning: 'Close that tab or choose another model there, then delete it here.',
    action: tryAgain,
  },
  'model-missing': {
    title: 'The model is not on this device',
    meaning: 'It was not downloaded yet, or the browser has removed it.',
    action: { step: 'download', label: 'Download' },
  },
  'model-damaged': ({ path }) => ({
    title: 'A stored file is damaged',
    meaning: `${text(path, 'A file')} no longer has its checksum. Only what is damaged is fetched again.`,
    action: { step: 'download', label: 'Repair' },
  }),

  'catalogue-invalid': ({ path }) => ({
    title: 'The list of models cannot be read',
    meaning: `${path === undefined ? 'It did not arrive as it should' : `It is wrong at ${text(path)}`}. Your chats are all there.`,
    action: { step: 'reload-page', label: 'Load this page again' },
  }),
  'model-unknown': {
    title: 'No model is chosen',
    meaning: 'Choose one first. What you typed stays.',
    action: { step: 'choose-model', label: 'Choose a model' },
  },
  'record-broken': {
    title: 'This chat cannot be read',
    meaning: 'Its record is damaged. It was left as it is; you can save it as a file. Other chats are not touched.',
    action: { step: 'save-raw', label: 'Save the record' },
  },
  internal: {
    title: 'Something in Alcove went wrong',
    meaning: 'What was written is kept.',
    action: tryAgain,
  },
};

export function describeError({ code, data }: Describable): ErrorWords {
  // An error may come from a newer version of this page in another tab.
  const words: Words | undefined = WORDS[code] ?? WORDS.internal;
  return typeof words === 'function' ? words(data) : words;
}

function text(value: ErrorData[string], otherwise = 'something'): string {
  return value === undefined ? otherwise : String(value);
}

function amount(limit: ErrorData[string], value: number): string {
  return String(limit).toLowerCase().includes('size') ? formatBytes(value) : formatNumber(value);
}

function host(url: ErrorData[string]): string {
  return (typeof url === 'string' ? URL.parse(url)?.host : undefined) || 'The server';
}
