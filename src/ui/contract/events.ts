/** What a person may ask of a model. */
export type ModelAction =
  | 'select'
  | 'download'
  | 'pause'
  | 'cancel'
  | 'delete'
  | 'verify'
  | 'persist'
  | 'measure'
  | SourceAction;

/** What may be asked about where a model comes from and goes to. */
export type SourceAction =
  /** Read a file on the disk that the browser has closed. */
  | 'reopen'
  /** Keep a copy of a file on the disk in the browser. */
  | 'copy'
  /** Write what is stored to the disk, as one file or as a folder. */
  | 'export'
  | 'export-folder'
  /** Save the record, or an address that carries it. */
  | 'save-record'
  | 'share'
  /** Take it off the list. */
  | 'remove';

/** Who wants to know how far the writing of files is. */
export interface WriteWatch {
  /** Ends the writing; what was written so far goes. */
  readonly signal: AbortSignal;
  /** Called with every piece, and with `undefined` at the end, whatever it is. */
  onProgress(progress: WriteProgress | undefined): void;
}

export interface WriteProgress {
  readonly writtenBytes: number;
  readonly totalBytes: number;
}

/**
 * Someone asks something of a model. Cancelable: whoever holds the view may see to it in its own way, for instance ask
 * before a download.
 */
export class ModelActionEvent extends Event {
  static readonly eventName = 'alcove-model-action';
  readonly action: ModelAction;
  readonly modelId: string;
  /** Follows what is written to the disk, and may end it. */
  readonly watch: WriteWatch | undefined;

  constructor(action: ModelAction, modelId: string, watch?: WriteWatch) {
    super(ModelActionEvent.eventName, { bubbles: true, composed: true, cancelable: true });
    this.action = action;
    this.modelId = modelId;
    this.watch = watch;
  }
}

export type MessageAction =
  | 'regenerate'
  | 'continue'
  | 'edit'
  | 'delete'
  | 'fork'
  /** Goes to a message beside this one, in its place. */
  | 'select-sibling'
  /** Goes to a message anywhere in the tree. */
  | 'select-branch'
  | 'show-branches';

/** Someone asks something of a message. */
export class MessageActionEvent extends Event {
  static readonly eventName = 'alcove-message-action';
  readonly action: MessageAction;
  readonly messageId: string;
  /** The new words, for `edit`. */
  readonly text: string;

  constructor(action: MessageAction, messageId: string, text = '') {
    super(MessageActionEvent.eventName, { bubbles: true, composed: true });
    this.action = action;
    this.messageId = messageId;
    this.text = text;
  }
}

/** Where an error's next step leads. */
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

/** Someone takes the next step that an error offers. */
export class NextStepEvent extends Event {
  static readonly eventName = 'alcove-next-step';
  readonly step: NextStep;

  constructor(step: NextStep) {
    super(NextStepEvent.eventName, { bubbles: true, composed: true });
    this.step = step;
  }
}

/** A message was written and shall be sent. */
export class SendEvent extends Event {
  static readonly eventName = 'alcove-send';
  readonly text: string;

  constructor(text: string) {
    super(SendEvent.eventName, { bubbles: true, composed: true });
    this.text = text;
  }
}

/** The answer that is being written shall end. */
export class StopEvent extends Event {
  static readonly eventName = 'alcove-stop';

  constructor() {
    super(StopEvent.eventName, { bubbles: true, composed: true });
  }
}

export type Panel = 'models' | 'ledger' | 'chat' | 'branches';

/** Something to read beside the conversation shall open; `undefined` closes it. */
export class PanelEvent extends Event {
  static readonly eventName = 'alcove-panel';
  readonly panel: Panel | undefined;

  constructor(panel: Panel | undefined) {
    super(PanelEvent.eventName, { bubbles: true, composed: true });
    this.panel = panel;
  }
}

/** Asks whoever holds the chat what the person wrote in it. */
export class OwnTextEvent extends Event {
  static readonly eventName = 'alcove-own-text';
  /** The answer. */
  text = '';

  constructor() {
    super(OwnTextEvent.eventName, { bubbles: true, composed: true });
  }
}

/** More of a growing answer is in the page. */
export class WrittenEvent extends Event {
  static readonly eventName = 'alcove-written';

  constructor() {
    super(WrittenEvent.eventName, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    'alcove-model-action': ModelActionEvent;
    'alcove-message-action': MessageActionEvent;
    'alcove-next-step': NextStepEvent;
    'alcove-send': SendEvent;
    'alcove-stop': StopEvent;
    'alcove-panel': PanelEvent;
    'alcove-own-text': OwnTextEvent;
    'alcove-written': WrittenEvent;
  }
}
