'use client';
/** `alcove-chat/react` on servers: the bare tag, which becomes a chat when the page's script has loaded. */
import { createElement, forwardRef } from 'react';
import type { AlcoveChatProps } from './react.ts';

/** Writes what React itself would write on the first render in the browser; everything else is a property, not an attribute. */
export const AlcoveChat = forwardRef<HTMLElement, AlcoveChatProps>(({ className, style, children, ...props }, ref) => {
  const attributes = Object.fromEntries(Object.entries(props).filter(([name]) => /^(aria|data)-/.test(name)));
  return createElement('alcove-chat', { ...attributes, class: className, style, ref }, children);
});
