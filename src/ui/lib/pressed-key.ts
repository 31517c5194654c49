/**
 * The key that the user pressed, by its name. Undefined while an input method composes text, as for Chinese, Japanese or
 * Korean: Enter, Escape and the arrows are for its own list then. Every handler of keys asks here.
 */
export function pressedKey(event: KeyboardEvent): string | undefined {
  // 229: Safari ends a composition before it sends the keydown of the key that ended it.
  return event.isComposing || event.keyCode === 229 ? undefined : event.key;
}
