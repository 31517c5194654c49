/**
 * Links whose target a model chose. They get their `href` when they are pressed: browsers look up a link's host, or connect
 * to it, as soon as the pointer is over it, and a host name alone can carry text away.
 */

/** Makes an anchor a link without `href`. @param href a checked URL: http, https or mailto */
export function prepareLink(link: HTMLAnchorElement, href: string): void {
  link.setAttribute('role', 'link');
  link.tabIndex = 0;
  link.dataset['href'] = href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow';
  link.referrerPolicy = 'no-referrer';
}

/** The URL of a link, with or without `href`; empty while its text is unfinished. */
export function targetOf(link: HTMLAnchorElement): string {
  return link.dataset['href'] ?? '';
}

/** Gives a link its `href`, so that the browser's own click, menu or drag that follows finds it; or takes it away. */
export function setReady(link: HTMLAnchorElement, isReady: boolean): void {
  if (isReady) link.href = targetOf(link);
  else link.removeAttribute('href');
}

/** Whether a `pointerdown` may begin a click, a menu or a drag. A touch may as well begin to scroll. */
export function isPress(event: PointerEvent): boolean {
  return event.pointerType !== 'touch';
}
