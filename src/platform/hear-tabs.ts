/**
 * Calls `hear` with each message of a channel; while this page is frozen, only when it continues. Chromium delivers messages to a
 * frozen page, but nothing that they begin there ends: no timer runs, no worker answers, and a transaction of IndexedDB stays
 * open, for which the other tabs wait. A lock that was stolen meanwhile is gone before the first message is heard.
 * @param signal ends it
 */
export function hearTabs<Message>(
  channel: BroadcastChannel,
  hear: (message: Message) => void,
  signal: AbortSignal,
): void {
  let missed: Message[] | undefined;
  const listen = (target: EventTarget | undefined, type: string, listener: (event: MessageEvent<Message>) => unknown) =>
    target?.addEventListener(type, listener as EventListener, { signal });
  listen(channel, 'message', ({ data }) => {
    if (missed === undefined) hear(data);
    else missed.push(data);
  });
  // A worker has none.
  const page: EventTarget | undefined = Reflect.get(globalThis, 'document');
  listen(page, 'freeze', () => {
    missed ??= [];
  });
  listen(page, 'resume', async () => {
    // The browser answers after it has reported the loss. Locks are absent in an insecure context, whatever the type says.
    await (navigator.locks as LockManager | undefined)?.query().catch(() => {});
    const late = missed ?? [];
    missed = undefined;
    for (const message of late) if (!signal.aborted) hear(message);
  });
}
