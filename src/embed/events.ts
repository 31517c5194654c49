import type { ModelRecord } from '../models/model-record.ts';
import type { AlcoveError } from '../platform/errors.ts';
import type { DownloadConsentEvent } from './download-consent-event.ts';
import type { ChatMessage } from './public-types.ts';
import type { AlcoveToolCallEvent } from './tools/tool-call-event.ts';

const PUBLIC = { bubbles: true, composed: true } as const;

/** The list of models and the chats are read; the element takes messages. Once for each session. */
export class AlcoveReadyEvent extends Event {
  static readonly eventName = 'alcove-ready';
  /** The selected model; undefined if the user has to choose one, and in a hub. */
  readonly model: ModelRecord | undefined;
  readonly modelId: string | undefined;

  constructor(model: ModelRecord | undefined, modelId = model?.id) {
    super(AlcoveReadyEvent.eventName, PUBLIC);
    this.model = model;
    this.modelId = modelId;
  }
}

/** A model is being downloaded, or loaded into memory. The last event of each phase has as many bytes as the total. */
export class AlcoveProgressEvent extends Event {
  static readonly eventName = 'alcove-progress';
  readonly phase: 'download' | 'load';
  readonly modelId: string;
  readonly loadedBytes: number;
  /** Undefined while it is unknown. */
  readonly totalBytes: number | undefined;

  constructor(phase: 'download' | 'load', modelId: string, loadedBytes: number, totalBytes: number | undefined) {
    super(AlcoveProgressEvent.eventName, PUBLIC);
    this.phase = phase;
    this.modelId = modelId;
    this.loadedBytes = loadedBytes;
    this.totalBytes = totalBytes;
  }
}

/**
 * A message is about to be sent, by the user or by `send`. A listener may change `text`. After `preventDefault()` nothing is
 * sent: the user's text stays in the field, and `send` rejects with an AbortError.
 */
export class AlcoveSendEvent extends Event {
  static readonly eventName = 'alcove-send';
  text: string;

  constructor(text: string) {
    super(AlcoveSendEvent.eventName, { ...PUBLIC, cancelable: true });
    this.text = text;
  }
}

/** The answer in the open chat has grown. At most once a frame, so that a delta may hold several tokens. */
export class AlcoveDeltaEvent extends Event {
  static readonly eventName = 'alcove-delta';
  readonly messageId: string;
  /** What was added. If an engine failed and the answer began again: the whole new text. */
  readonly delta: string;
  /** The answer so far. */
  readonly content: string;

  constructor(messageId: string, delta: string, content: string) {
    super(AlcoveDeltaEvent.eventName, PUBLIC);
    this.messageId = messageId;
    this.delta = delta;
    this.content = content;
  }
}

/** A message of the open chat is there: the user's once its answer begins, an answer once it has ended in any way. */
export class AlcoveMessageEvent extends Event {
  static readonly eventName = 'alcove-message';
  readonly message: ChatMessage;

  constructor(message: ChatMessage) {
    super(AlcoveMessageEvent.eventName, PUBLIC);
    this.message = message;
  }
}

/** An answer was stopped. `alcove-message` with the same message comes before it. */
export class AlcoveStopEvent extends Event {
  static readonly eventName = 'alcove-stop';
  readonly message: ChatMessage;

  constructor(message: ChatMessage) {
    super(AlcoveStopEvent.eventName, PUBLIC);
    this.message = message;
  }
}

/** Something failed: an attribute, the start, a download, a load, an answer, or a call of a method. */
export class AlcoveErrorEvent extends Event {
  static readonly eventName = 'alcove-error';
  /** `code` is stable; `message` is for developers. */
  readonly error: AlcoveError;

  constructor(error: AlcoveError) {
    super(AlcoveErrorEvent.eventName, PUBLIC);
    this.error = error;
  }
}

/** The next message goes to another model than before: the user or the page has selected it. */
export class AlcoveModelChangeEvent extends Event {
  static readonly eventName = 'alcove-model-change';
  /** Undefined if none is selected, and in a hub. */
  readonly model: ModelRecord | undefined;
  readonly modelId: string | undefined;

  constructor(model: ModelRecord | undefined, modelId = model?.id) {
    super(AlcoveModelChangeEvent.eventName, PUBLIC);
    this.model = model;
    this.modelId = modelId;
  }
}

/** The panel or the bubble's dialog was opened. */
export class AlcoveOpenEvent extends Event {
  static readonly eventName = 'alcove-open';

  constructor() {
    super(AlcoveOpenEvent.eventName, PUBLIC);
  }
}

/** The panel or the bubble's dialog was closed. An answer is generated to its end. */
export class AlcoveCloseEvent extends Event {
  static readonly eventName = 'alcove-close';

  constructor() {
    super(AlcoveCloseEvent.eventName, PUBLIC);
  }
}

/** The events of `<alcove-chat>`. All bubble and are composed; no other event leaves the element. */
export interface AlcoveChatEventMap {
  'alcove-ready': AlcoveReadyEvent;
  'alcove-progress': AlcoveProgressEvent;
  'alcove-download-consent': DownloadConsentEvent;
  'alcove-send': AlcoveSendEvent;
  'alcove-delta': AlcoveDeltaEvent;
  'alcove-message': AlcoveMessageEvent;
  'alcove-tool-call': AlcoveToolCallEvent;
  'alcove-stop': AlcoveStopEvent;
  'alcove-error': AlcoveErrorEvent;
  'alcove-model-change': AlcoveModelChangeEvent;
  'alcove-open': AlcoveOpenEvent;
  'alcove-close': AlcoveCloseEvent;
}

declare global {
  // Also for listeners on the document and the window.
  interface GlobalEventHandlersEventMap extends AlcoveChatEventMap {}
}
