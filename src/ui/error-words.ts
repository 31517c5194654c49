import { msg, str } from '@lit/localize';
import type { ErrorCode, ErrorData } from '../errors.ts';
import type { NextStep } from './events.ts';
import { formatBytes, formatNumber, formatSeconds } from './format.ts';
import { sentences } from './phrases.ts';

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

type Action = NonNullable<ErrorWords['action']>;

const tryAgain = (): Action => ({ step: 'try-again', label: msg('Try again') });
const chooseModel = (): Action => ({ step: 'choose-model', label: msg('Choose another model') });
const download = (): Action => ({ step: 'download', label: msg('Download again') });
const goOn = (): Action => ({ step: 'download', label: msg('Go on') });
const freeSpace = (): Action => ({ step: 'free-space', label: msg('Free space') });
const reload = (): Action => ({ step: 'reload-page', label: msg('Load this page again') });

/** Made when they are needed, in the language of that moment. */
type Words = (data: ErrorData) => ErrorWords;

/** Every code has words: the compiler asks for those of a new one here. */
const WORDS: Readonly<Record<ErrorCode, Words>> = {
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
  'prompt-empty': () => ({ title: msg('There is nothing to send'), meaning: msg('Write a message first.') }),

  offline: () => ({
    title: msg('No connection'),
    meaning: msg('What has arrived is safe and is not fetched again. Models that are on this device go on working.'),
    action: goOn(),
  }),
  unsupported: ({ feature }) => ({
    title: msg('This model cannot do that here'),
    meaning: msg(
      str`The model, or what runs it, does not know this: ${featureName(feature)}. Switch it off, or choose another model.`,
    ),
    action: chooseModel(),
  }),
  stalled: () => ({
    title: msg('The connection stands still'),
    meaning: msg('The server sends nothing any more. What has arrived is safe.'),
    action: goOn(),
  }),
  'not-found': ({ url }) => ({
    title: msg('The file is not there'),
    meaning: msg(str`${host(url)} says that it has no such file (404). The model may have been moved or renamed.`),
    action: chooseModel(),
  }),
  'access-denied': ({ url }) => ({
    title: msg('The server does not hand out this model'),
    meaning: msg(str`${host(url)} asks for a login or a licence to be accepted first (401 or 403).`),
    action: chooseModel(),
  }),
  'rate-limited': ({ url, retryAfterMs }) => ({
    title: msg('The server asks for a pause'),
    meaning: sentences(
      msg(str`${host(url)} has had too many requests from here.`),
      typeof retryAfterMs === 'number'
        ? msg(str`It allows more in ${formatSeconds(retryAfterMs / 1_000)}.`)
        : msg('Try again in a few minutes.'),
      msg('What has arrived is safe.'),
    ),
    action: goOn(),
  }),
  'server-error': ({ url, status }) => ({
    title: msg('The server has a problem'),
    meaning: sentences(
      status === undefined
        ? msg(str`${host(url)} answered with an error.`)
        : msg(str`${host(url)} answered with error ${status}.`),
      msg('What has arrived is safe.'),
    ),
    action: goOn(),
  }),
  'not-weights': ({ url }) => ({
    title: msg('A web page came instead of the model'),
    meaning: msg(
      str`${host(url)} sent a page. A network with a login page, such as in a hotel, does that. Nothing of it was stored.`,
    ),
    action: tryAgain(),
  }),
  'file-truncated': ({ path, expectedBytes, receivedBytes }) => ({
    title: msg('A file ended too early'),
    meaning: sentences(
      typeof expectedBytes === 'number' && typeof receivedBytes === 'number'
        ? msg(str`${file(path)} has ${formatBytes(receivedBytes)} of ${formatBytes(expectedBytes)}.`)
        : msg(str`${file(path)} is shorter than the server promised.`),
      msg('What has arrived is safe.'),
    ),
    action: goOn(),
  }),
  'file-corrupt': ({ path, host: from }) => ({
    title: msg('A file is not what it should be'),
    meaning: sentences(
      from === undefined
        ? msg(str`${file(path)} has a wrong checksum and was thrown away.`)
        : msg(str`${file(path)} from ${text(from)} has a wrong checksum and was thrown away.`),
      msg('All other files are kept.'),
    ),
    action: { step: 'download', label: msg('Fetch it again') },
  }),
  'file-changed': ({ path }) => ({
    title: msg('The model changed on the server'),
    meaning: msg(
      str`${file(path)} differs from the version that this download began with, and mixed versions would not run. Cancel and begin anew.`,
    ),
  }),
  'blocked-by-policy': ({ host: blocked }) => ({
    title: msg('This page may not fetch from there'),
    meaning: msg(
      str`Its security policy does not allow ${text(blocked)}, or a host that it redirects to. In Alcove itself you can allow it in the settings, under Hosts; on another site, whoever runs it can add it to connect-src.`,
    ),
  }),

  'address-invalid': () => ({
    title: msg('This is no address'),
    meaning: msg('An address begins with https:// or http:// and a host.'),
  }),
  'server-unreachable': ({ host: server, origin, isMixed }) => ({
    title: msg('Your server does not answer'),
    meaning: sentences(
      msg(
        str`${serverName(server)} is off, has another address, or does not let this page in. If it runs, allow pages from ${text(origin)} there: for Ollama by OLLAMA_ORIGINS, in LM Studio by the switch for CORS, for vLLM by --allowed-origins.`,
      ),
      isMixed === true
        ? msg(
            'This page came by https, and browsers let such a page ask only https addresses, or this computer itself.',
          )
        : '',
    ),
    action: tryAgain(),
  }),
  'server-forbids-page': ({ host: server, origin }) => ({
    title: msg('Your server does not let this page in'),
    meaning: msg(
      str`${serverName(server)} answers, but not to pages from ${text(origin)}. Allow that origin there: for Ollama by OLLAMA_ORIGINS, in LM Studio by the switch for CORS, for vLLM by --allowed-origins.`,
    ),
    action: tryAgain(),
  }),
  'server-key-refused': ({ host: server }) => ({
    title: msg('Your server does not accept the key'),
    meaning: msg(
      str`${serverName(server)} asks for a key, or for another one. It is entered in the settings, under A server of your own.`,
    ),
    action: tryAgain(),
  }),
  'server-model-unknown': ({ host: server, model }) => ({
    title: msg('Your server does not have this model'),
    meaning: msg(
      str`${serverName(server)} does not know ${text(model)}. Look for its models again in the settings, or choose another one.`,
    ),
    action: chooseModel(),
  }),
  'server-cut-off': ({ host: server }) => ({
    title: msg('The connection to your server broke'),
    meaning: msg(str`${serverName(server)} stopped in the middle of its answer. What has arrived is kept.`),
    action: tryAgain(),
  }),
  'server-answer-invalid': ({ host: server }) => ({
    title: msg('Your server answers something else'),
    meaning: msg(
      str`What came from ${serverName(server)} is not what an OpenAI-compatible server sends. What had arrived before is kept. See whether the address is that of its API.`,
    ),
    action: tryAgain(),
  }),
  'server-silent': ({ host: server, seconds }) => ({
    title: msg('Your server is silent'),
    meaning: msg(
      str`${serverName(server)} took the request and sent nothing for ${text(seconds)} seconds. It may still be loading the model.`,
    ),
    action: tryAgain(),
  }),
  'server-failed': ({ host: server, status, reason }) => ({
    title: msg('Your server refused'),
    meaning: sentences(
      typeof status === 'number' && status > 0
        ? msg(str`${serverName(server)} answered with error ${status}.`)
        : msg(str`${serverName(server)} answered with an error.`),
      reason === undefined ? '' : msg(str`It says: “${text(reason)}”`),
      msg('What was written is kept.'),
    ),
    action: tryAgain(),
  }),

  'quota-exceeded': ({ neededBytes, freeBytes }) => ({
    title: msg('Not enough space'),
    meaning: sentences(
      typeof neededBytes === 'number' && typeof freeBytes === 'number'
        ? msg(str`${formatBytes(neededBytes)} are needed, the browser gives ${formatBytes(Math.max(0, freeBytes))}.`)
        : msg('The browser gives no more room.'),
      msg('What is stored is safe. Delete a model that you no longer use, or free space on the disk.'),
    ),
    action: freeSpace(),
  }),
  'storage-unavailable': () => ({
    title: msg('This browser window does not keep anything'),
    meaning: msg(
      'Private windows and some settings forbid storage. Chats last as long as this tab, and models cannot be kept: open a normal window for that.',
    ),
  }),
  'storage-blocked': () => ({
    title: msg('Another tab holds an older version open'),
    meaning: msg('Close the other tabs of this page, then go on here.'),
    action: reload(),
  }),
  'storage-outdated': () => ({
    title: msg('A newer version of this page was opened in this browser'),
    meaning: msg(
      'This tab can no longer save. What it shows stays until you load it again: copy first what you want to keep.',
    ),
    action: reload(),
  }),
  'model-in-use': () => ({
    title: msg('Another tab is using this model'),
    meaning: msg('Close that tab or choose another model there, then delete it here.'),
    action: tryAgain(),
  }),
  'model-missing': () => ({
    title: msg('The model is not on this device'),
    meaning: msg('It was not downloaded yet, or the browser has removed it.'),
    action: { step: 'download', label: msg('Download') },
  }),
  'model-damaged': ({ path }) => ({
    title: msg('A stored file is damaged'),
    meaning: msg(str`${file(path)} no longer has its checksum. Only what is damaged is fetched again.`),
    action: { step: 'download', label: msg('Repair') },
  }),

  'catalogue-invalid': ({ path }) => ({
    title: msg('The list of models cannot be read'),
    meaning: sentences(
      path === undefined ? msg('It did not arrive as it should.') : msg(str`It is wrong at ${text(path)}.`),
      msg('Your chats are all there.'),
    ),
    action: reload(),
  }),
  'model-unknown': () => ({
    title: msg('No model is chosen'),
    meaning: msg('Choose one first. What you typed stays.'),
    action: { step: 'choose-model', label: msg('Choose a model') },
  }),
  'record-broken': () => ({
    title: msg('This chat cannot be read'),
    meaning: msg(
      'Its record is damaged. It was left as it is; you can save it as a file. Other chats are not touched.',
    ),
    action: { step: 'save-raw', label: msg('Save the record') },
  }),
  'not-gguf': ({ path }) => ({
    title: msg('This is no GGUF'),
    meaning: sentences(
      path === undefined
        ? msg('The file does not begin as a GGUF does.')
        : msg(str`${text(path)} does not begin as a GGUF does.`),
      msg('Models for llama.cpp are files whose name ends in .gguf.'),
    ),
  }),
  'gguf-cut-short': ({ expectedBytes, receivedBytes }) => ({
    title: msg('The file is cut short'),
    meaning: sentences(
      typeof expectedBytes === 'number' && typeof receivedBytes === 'number'
        ? msg(str`It has ${formatBytes(receivedBytes)}, and by its own account at least ${formatBytes(expectedBytes)}.`)
        : msg('It ends before its weights do.'),
      msg('A download or a copy of it has probably broken off: get it again.'),
    ),
  }),
  'gguf-invalid': ({ reason }) => ({
    title: msg('This GGUF contradicts itself'),
    meaning: sentences(
      reason === undefined
        ? msg('What it says about itself cannot be true.')
        : msg(str`What it says about itself cannot be true (${text(reason)}).`),
      msg('It is damaged, or made to do harm. It was not loaded.'),
    ),
  }),
  'gguf-unsupported': ({ reason, architecture }) => ({
    title: msg('This model does not run here'),
    meaning: unsupportedWords(reason, architecture),
  }),
  'gguf-parts-missing': ({ count, present }) => ({
    title: msg('Parts of the model are missing'),
    meaning:
      typeof count === 'number' && typeof present === 'number'
        ? msg(
            str`It is split into ${formatNumber(count)} files, and ${formatNumber(present)} of them were chosen. Choose all of them at once.`,
          )
        : msg('It is split into several files. Choose all of them at once.'),
  }),
  'repo-missing': ({ repo, host: from }) => ({
    title: msg('There is no such repository'),
    meaning:
      repo === undefined
        ? msg('It does not exist, or it is private.')
        : msg(str`${text(from)} knows no ${text(repo)}, or it is private. Capital letters count.`),
  }),
  'repo-gated': ({ repo }) => ({
    title: msg('This model is handed out after a login only'),
    meaning: sentences(
      repo === undefined
        ? msg('Its makers want you to agree to its licence there first.')
        : msg(str`The makers of ${text(repo)} want you to agree to its licence on its page first.`),
      msg(
        'Alcove never logs in anywhere. Agree there, download the file with the browser, and choose it here from your disk.',
      ),
    ),
  }),
  'repo-without-mlc': () => ({
    title: msg('This repository is not in MLC’s format'),
    meaning: msg(
      'Weights have to be converted for web-llm. Look for a repository whose name ends in -MLC, or take a GGUF.',
    ),
  }),
  'repo-without-gguf': ({ isMlc }) => ({
    title: msg('This repository has no GGUF'),
    meaning: isMlc
      ? msg('It is in MLC’s format. Add it below, together with the address of its compiled library.')
      : msg('Look for one whose name ends in -GGUF: most models have one.'),
  }),
  'file-permission': ({ path }) => ({
    title: msg('The browser asks before it opens the file again'),
    meaning:
      path === undefined
        ? msg('The model is a file on your disk.')
        : msg(str`The model is a file on your disk: ${text(path)}.`),
    action: { step: 'reopen-file', label: msg('Open it again') },
  }),
  'file-gone': ({ path }) => ({
    title: msg('The file is not at hand'),
    meaning:
      path === undefined
        ? msg('It was moved or deleted, or this browser lends a file for one visit only. Choose it again.')
        : msg(
            str`${text(path)} was moved or deleted, or this browser lends a file for one visit only. Choose it again.`,
          ),
    action: { step: 'reopen-file', label: msg('Choose the file') },
  }),
  'file-replaced': ({ path }) => ({
    title: msg('Another file has this name now'),
    meaning:
      path === undefined
        ? msg('Its size or date differs from the file that was added. Choose that one, or add this one as a new model.')
        : msg(
            str`The size or date of ${text(path)} differs from the file that was added. Choose that one, or add this one as a new model.`,
          ),
    action: { step: 'reopen-file', label: msg('Choose the file') },
  }),
  'archive-invalid': ({ reason }) => ({
    title: msg('This is no model that Alcove has written'),
    meaning: sentences(
      reason === undefined
        ? msg('It is not as an exported model is.')
        : msg(str`It is not as an exported model is (${text(reason)}).`),
      msg('Nothing of it was stored.'),
    ),
  }),
  'archive-version': ({ version }) => ({
    title: msg('A newer Alcove has written this'),
    meaning:
      version === undefined
        ? msg('This version cannot read it. Nothing of it was stored.')
        : msg(str`This version cannot read its format (${text(version)}). Nothing of it was stored.`),
  }),
  'archive-cut-short': ({ expectedBytes, receivedBytes }) => ({
    title: msg('The file is cut short'),
    meaning: sentences(
      typeof expectedBytes === 'number' && typeof receivedBytes === 'number'
        ? msg(str`It has ${formatBytes(receivedBytes)} of at least ${formatBytes(expectedBytes)}.`)
        : msg('It ends too early.'),
      msg('Copy it again. Nothing of it was stored.'),
    ),
  }),
  'record-invalid': ({ path }) => ({
    title: msg('This describes no model'),
    meaning: sentences(
      path === undefined || path === '' ? msg('It is not as it should be.') : msg(str`It is wrong at ${text(path)}.`),
      msg('Nothing was added.'),
    ),
  }),
  'passphrase-needed': () => ({
    title: msg('This backup is locked'),
    meaning: msg('It opens with the passphrase that it was made with.'),
  }),
  'passphrase-wrong': () => ({
    title: msg('The passphrase is not the right one'),
    meaning: msg('The backup is not damaged, and nothing was changed. Capital letters and spaces count.'),
  }),
  'backup-damaged': () => ({
    title: msg('The backup is damaged'),
    meaning: msg('The file was cut short or changed after it was made. What is whole in it was taken.'),
  }),
  'import-unreadable': ({ reason }) => ({
    title: msg('No chats can be read from this file'),
    meaning: sentences(
      unreadableWords(reason),
      msg(
        'Files that can be read: backups and chats saved by Alcove, ChatGPT’s export (the ZIP, or conversations.json in it), exports of Open WebUI and of web-llm-chat.',
      ),
    ),
  }),
  internal: () => ({
    title: msg('Something in Alcove went wrong'),
    meaning: msg('What was written is kept.'),
    action: tryAgain(),
  }),
};

function unsupportedWords(reason: ErrorData[string], architecture: ErrorData[string]): string {
  switch (reason) {
    case 'architecture':
      return msg(
        str`This version of llama.cpp does not know the architecture “${text(architecture)}”. A newer version of Alcove may.`,
      );
    case 'big-endian':
      return msg(
        'It was made for computers of another byte order. The same model is mostly offered for this one, too.',
      );
    case 'projector':
      return msg(
        'It is the part of a model that reads pictures or sound, and answers nothing by itself. Choose the model’s own file.',
      );
    case 'adapter':
      return msg('It is an adapter (LoRA), which only changes another model.');
    case 'no-weights':
      return msg('It has only a vocabulary, and no weights.');
    default:
      return msg('Its format is of a version that is too old, or too new.');
  }
}

function unreadableWords(reason: ErrorData[string]): string {
  if (reason === 'zip') return msg('It is a ZIP archive, and ChatGPT’s conversations.json is not in it.');
  if (reason === 'newer') return msg('It was made by a newer version of Alcove: load this page again to get that.');
  return msg('It is not JSON.');
}

export function describeError({ code, data }: Describable): ErrorWords {
  // An error may come from a newer version of this page in another tab.
  const words: Words | undefined = WORDS[code];
  return (words ?? WORDS.internal)(data);
}

function text(value: ErrorData[string]): string {
  return value === undefined ? msg('something') : String(value);
}

/** Begins a sentence. */
function file(path: ErrorData[string]): string {
  return path === undefined ? msg('A file') : String(path);
}

/** What an engine may lack, in words; the names are those of the engine contract. What has none is a technical name. */
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

function serverName(name: ErrorData[string]): string {
  return name === undefined ? msg('The server') : text(name);
}

function host(url: ErrorData[string]): string {
  return (typeof url === 'string' ? URL.parse(url)?.host : undefined) || msg('The server');
}
