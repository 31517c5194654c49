'use client';
/** `alcove-chat/react`: `<AlcoveChat>` for React 17 and later, with an event listener for each event as a prop. */
import { createComponent, type EventName } from '@lit/react';
import React, { type ForwardRefExoticComponent, type HTMLAttributes, type RefAttributes } from 'react';
import { AlcoveChatElement } from '../define.ts';
import type { ChatCamelListeners, ChatListenerNames, ChatProps } from './chat-props.ts';

/** The properties of the element and a listener for each of its events. `ref` is the element, with its methods. */
export type AlcoveChatProps = Omit<HTMLAttributes<AlcoveChatElement>, keyof ChatProps> & ChatProps & ChatCamelListeners;

const EVENTS: ChatListenerNames = {
  onAlcoveReady: 'alcove-ready',
  onAlcoveProgress: 'alcove-progress',
  onAlcoveDownloadConsent: 'alcove-download-consent',
  onAlcoveSend: 'alcove-send',
  onAlcoveDelta: 'alcove-delta',
  onAlcoveMessage: 'alcove-message',
  onAlcoveToolCall: 'alcove-tool-call',
  onAlcoveStop: 'alcove-stop',
  onAlcoveError: 'alcove-error',
  onAlcoveModelChange: 'alcove-model-change',
  onAlcoveOpen: 'alcove-open',
  onAlcoveClose: 'alcove-close',
};

export const AlcoveChat = createComponent({
  react: React,
  tagName: 'alcove-chat',
  elementClass: AlcoveChatElement,
  events: EVENTS as { [Prop in keyof ChatListenerNames]: EventName },
  displayName: 'AlcoveChat',
}) as ForwardRefExoticComponent<AlcoveChatProps & RefAttributes<AlcoveChatElement>>;
