import { msg } from '@lit/localize';
import type { ErrorCode, ErrorData } from '../../platform/errors.ts';
import type { NextStep } from '../contract/events.ts';

/** What the interface says about an error: what happened, what it means, what to do next. */
export interface ErrorMessage {
  readonly title: string;
  readonly meaning: string;
  readonly action?: { readonly step: NextStep; readonly label: string };
}

/** Makes the message when it is shown, in the language of that moment. */
export type MessageFactory = (data: ErrorData) => ErrorMessage;

/** The messages for one family of codes. */
export type SomeErrorMessages = Readonly<Partial<Record<ErrorCode, MessageFactory>>>;

type Action = NonNullable<ErrorMessage['action']>;

export const tryAgain = (): Action => ({ step: 'try-again', label: msg('Try again') });
export const chooseModel = (): Action => ({ step: 'choose-model', label: msg('Choose another model') });
export const download = (): Action => ({ step: 'download', label: msg('Download again') });
export const continueDownload = (): Action => ({ step: 'download', label: msg('Continue') });
export const freeSpace = (): Action => ({ step: 'free-space', label: msg('Free space') });
export const reload = (): Action => ({ step: 'reload-page', label: msg('Reload this page') });

export function text(value: ErrorData[string]): string {
  return value === undefined ? msg('something') : String(value);
}

/** A file's name, or a placeholder that can start a sentence. */
export function file(path: ErrorData[string]): string {
  return path === undefined ? msg('A file') : String(path);
}

export function serverName(name: ErrorData[string]): string {
  return name === undefined ? msg('The server') : text(name);
}

export function host(url: ErrorData[string]): string {
  return (typeof url === 'string' ? URL.parse(url)?.host : undefined) || msg('The server');
}
