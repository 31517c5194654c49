import type { Message } from '../../chat/conversation.ts';
import type { MessagePart } from '../../chat/message-parts.ts';
import type { PassageOnPath } from '../../chat/prompt/read-passages.ts';
import type { ToolAnswer } from '../../session/generation/tools/tool-runner.ts';

export type ModelAction =
  | 'select'
  /** Begin a new chat with the model. */
  | 'chat'
  | 'download'
  | 'pause'
  | 'cancel'
  | 'delete'
  | 'verify'
  | 'persist'
  | 'measure'
  /** Set how many tokens the model reads at once. */
  | 'set-context-window'
  | SourceAction;

/** Actions on a model's files and on its record. */
export type SourceAction =
  /** Read a file on the disk again after the browser has closed it. */
  | 'reopen'
  /** Copy a file on the disk into the browser's storage. */
  | 'copy'
  /** Write the stored model to the disk, as one file or as a folder. */
  | 'export'
  | 'export-folder'
  /** Save the model's record as a file, or make a link that carries it. */
  | 'save-record'
  | 'share'
  /** Remove the model from the list. */
  | 'remove';

/** Follows an export to the disk, and can cancel it. */
export interface WriteWatch {
  /** Cancels the export; what was written so far is deleted. */
  readonly signal: AbortSignal;
  /** Called after each piece, and with `undefined` when the export ends in any way. */
  onProgress(progress: WriteProgress | undefined): void;
}

export interface WriteProgress {
  readonly writtenBytes: number;
  readonly totalBytes: number;
}

export interface ModelActionDetails {
  /** Follows an export to the disk; set for `export` and `export-folder` only. */
  readonly watch?: WriteWatch | undefined;
  /** Tokens, for `set-context-window`; undefined for what fits comfortably. */
  readonly contextWindow?: number | undefined;
}

/**
 * The user asks for an action on a model. Cancelable: a host of the view can handle the action in its own way, for
 * instance ask before a download.
 */
export class ModelActionEvent extends Event {
  static readonly eventName = 'alcove-model-action';
  readonly action: ModelAction;
  readonly modelId: string;
  readonly details: ModelActionDetails;

  constructor(action: ModelAction, modelId: string, details: ModelActionDetails = {}) {
    super(ModelActionEvent.eventName, { bubbles: true, composed: true, cancelable: true });
    this.action = action;
    this.modelId = modelId;
    this.details = details;
  }
}

export type MessageAction =
  | 'regenerate'
  | 'continue'
  | 'edit'
  | 'delete'
  | 'fork'
  /** Shows a sibling of the message in its place. */
  | 'select-sibling'
  /** Shows a message anywhere in the tree. */
  | 'select-branch'
  | 'show-branches'
  /** Ends the self-test that the answer waits for. */
  | 'skip-test'
  /** Continues from one of the compared answers. */
  | 'keep'
  | 'stop';

export class MessageActionEvent extends Event {
  static readonly eventName = 'alcove-message-action';
  readonly action: MessageAction;
  readonly messageId: string;
  /** The new text, for `edit`. */
  readonly text: string;

  constructor(action: MessageAction, messageId: string, text = '') {
    super(MessageActionEvent.eventName, { bubbles: true, composed: true });
    this.action = action;
    this.messageId = messageId;
    this.text = text;
  }
}

/** The user answers whether a tool may run. */
export class ToolAnswerEvent extends Event {
  static readonly eventName = 'alcove-tool-answer';
  readonly callId: string;
  readonly answer: ToolAnswer;

  constructor(callId: string, answer: ToolAnswer) {
    super(ToolAnswerEvent.eventName, { bubbles: true, composed: true });
    this.callId = callId;
    this.answer = answer;
  }
}

/** What an error offers the user to do next. */
export type NextStep =
  | 'try-again'
  | 'download'
  | 'choose-model'
  | 'free-space'
  | 'new-chat'
  | 'make-room'
  | 'reload-page'
  | 'reopen-file'
  | 'save-text'
  | 'save-raw';

/** The user takes the next step that an error offers. */
export class NextStepEvent extends Event {
  static readonly eventName = 'alcove-next-step';
  readonly step: NextStep;

  constructor(step: NextStep) {
    super(NextStepEvent.eventName, { bubbles: true, composed: true });
    this.step = step;
  }
}

/** A text of the user is about to be sent. Cancelable: the text then stays where it was typed. A host may change `text`. */
export class BeforeSendEvent extends Event {
  static readonly eventName = 'alcove-before-send';
  text: string;
  /** The files of the message. */
  readonly files: readonly MessagePart[];
  /** Parts of the message before its files, which a host may set. */
  attached: Promise<readonly MessagePart[]> | undefined;

  constructor(text: string, files: readonly MessagePart[]) {
    super(BeforeSendEvent.eventName, { bubbles: true, composed: true, cancelable: true });
    this.text = text;
    this.files = files;
  }
}

export class ComposerSendEvent extends Event {
  static readonly eventName = 'alcove-composer-send';
  readonly text: string;

  constructor(text: string) {
    super(ComposerSendEvent.eventName);
    this.text = text;
  }
}

/** The user stops the answer that is being generated. */
export class ComposerStopEvent extends Event {
  static readonly eventName = 'alcove-composer-stop';

  constructor() {
    super(ComposerStopEvent.eventName);
  }
}

export type Panel = 'models' | 'ledger' | 'chat' | 'branches' | 'chats' | 'tools' | 'compare' | 'reading';

/** What the panel of what was read shows: all passages of an answer, or one of them in its document. */
export interface ReadingSubject {
  readonly passages: readonly PassageOnPath[];
  readonly number: number | undefined;
}

/** Opens a panel over the conversation; `undefined` closes the open one. */
export class PanelEvent extends Event {
  static readonly eventName = 'alcove-panel';
  readonly panel: Panel | undefined;
  /** The panel closes because the user continues in the message field. */
  readonly isDone: boolean;
  /** Of the panel `reading`. */
  readonly subject: ReadingSubject | undefined;

  constructor(panel: Panel | undefined, isDone = false, subject?: ReadingSubject) {
    super(PanelEvent.eventName, { bubbles: true, composed: true });
    this.panel = panel;
    this.isDone = isDone;
    this.subject = subject;
  }
}

/** The view of the chat has opened or closed a panel. */
export class PanelChangeEvent extends Event {
  static readonly eventName = 'alcove-panel-change';
  readonly panel: Panel | undefined;

  constructor(panel: Panel | undefined) {
    super(PanelChangeEvent.eventName);
    this.panel = panel;
  }
}

/** The user has scrolled the conversation. */
export class PlaceChangeEvent extends Event {
  static readonly eventName = 'alcove-place-change';

  constructor() {
    super(PlaceChangeEvent.eventName);
  }
}

/** Requests the messages that the user wrote in this chat. The view of the chat fills in `messages`. */
export class UserMessagesRequestEvent extends Event {
  static readonly eventName = 'alcove-user-messages-request';
  /** The reply; empty where no chat surrounds the sender. */
  messages: readonly Message[] = [];

  constructor() {
    super(UserMessagesRequestEvent.eventName, { bubbles: true, composed: true });
  }
}

/** More of a streaming answer was rendered. */
export class TextRenderedEvent extends Event {
  static readonly eventName = 'alcove-text-rendered';

  constructor() {
    super(TextRenderedEvent.eventName, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'alcove-model-action': ModelActionEvent;
    'alcove-message-action': MessageActionEvent;
    'alcove-next-step': NextStepEvent;
    'alcove-tool-answer': ToolAnswerEvent;
    'alcove-before-send': BeforeSendEvent;
    'alcove-composer-send': ComposerSendEvent;
    'alcove-composer-stop': ComposerStopEvent;
    'alcove-panel': PanelEvent;
    'alcove-panel-change': PanelChangeEvent;
    'alcove-place-change': PlaceChangeEvent;
    'alcove-user-messages-request': UserMessagesRequestEvent;
    'alcove-text-rendered': TextRenderedEvent;
  }
}
