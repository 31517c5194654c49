/** What the app's pages and its service worker agree on. Both import it, so it uses nothing of either runtime. */

/**
 * Each page holds a shared Web Lock of this name plus the address of its own script for as long as it lives. The
 * service worker keeps the files of an older version while a page of that version is open.
 */
export const SHELL_LOCK_PREFIX = 'alcove-shell ';

export type ShellMessage =
  /** The user agreed to the new version: the waiting worker takes over. */
  | { readonly type: 'alcove-apply-update' }
  /** A page has started: files that no open page needs may go. */
  | { readonly type: 'alcove-tidy' };
