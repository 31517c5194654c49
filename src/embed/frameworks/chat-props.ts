/**
 * What `<alcove-chat>` takes in a template of any framework, derived from the element's own types. The files beside this one
 * add it to the list of elements of one framework each.
 */
import type { AlcoveChatElement } from '../alcove-chat-element.ts';
import type { AlcoveChatEventMap } from '../events.ts';
import type { AlcoveChatProperties, ChatMessageInput } from '../public-types.ts';

/** `contextSelector` as `context-selector`. */
type KebabCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${KebabCase<Rest>}`
    : `-${Lowercase<First>}${KebabCase<Rest>}`
  : Name;

/** `alcove-message` as `AlcoveMessage`. */
type PascalCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${Capitalize<First>}${PascalCase<Rest>}`
  : Capitalize<Name>;

type Properties = Required<AlcoveChatProperties> & {
  readonly session: AlcoveChatElement['session'];
  readonly messages: readonly ChatMessageInput[] | undefined;
};

/** The properties that can be set, all optional. */
export type ChatProps = { [Name in keyof Properties]?: Properties[Name] | undefined };

/** The attributes whose names are not those of their properties. */
export type ChatAttributes = {
  [Name in keyof AlcoveChatProperties as Exclude<KebabCase<Name>, Name>]?: AlcoveChatProperties[Name] | undefined;
};

/** Listeners as the events are called: `onalcove-message`, with the prefix `on`. */
export type ChatListeners<Prefix extends string> = {
  [Name in keyof AlcoveChatEventMap as `${Prefix}${Name}`]?: ((event: AlcoveChatEventMap[Name]) => void) | undefined;
};

/** The props for listeners in camel case, with the events that they stand for: `onAlcoveMessage`. */
export type ChatListenerNames = {
  [Name in keyof AlcoveChatEventMap as `on${PascalCase<Name>}`]: Name;
};

/** Listeners in camel case. */
export type ChatCamelListeners = {
  [Prop in keyof ChatListenerNames]?: ((event: AlcoveChatEventMap[ChatListenerNames[Prop]]) => void) | undefined;
};

/** A framework's own attributes of an element, with the chat's in place of those of the same name. */
export type ChatElement<Base, Listeners> = Omit<Base, keyof ChatProps | keyof ChatAttributes> &
  ChatProps &
  ChatAttributes &
  Listeners;
