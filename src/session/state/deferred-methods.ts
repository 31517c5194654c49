/** The methods `Name` of a part whose code is fetched later. Each waits for the part, then calls its method. */
export type Deferred<Part, Name extends keyof Part> = {
  readonly [Key in Name]: Part[Key] extends (...parameters: infer Parameters) => infer Result
    ? (...parameters: Parameters) => Promise<Awaited<Result>>
    : never;
};

/**
 * Makes methods that can be called before their part is loaded. They reject if it cannot be loaded, and the next call tries
 * again.
 * @param open resolves with the part; see `once`
 * @param names the methods that callers may use
 */
export function deferMethods<Part extends object, Name extends keyof Part & string>(
  open: () => Promise<Part>,
  names: readonly Name[],
): Deferred<Part, Name> {
  const methods = names.map((name) => {
    const call = async (...parameters: unknown[]): Promise<unknown> => {
      const part = await open();
      const method: unknown = part[name];
      return typeof method === 'function' ? method.apply(part, parameters) : undefined;
    };
    return [name, call] as const;
  });
  return Object.fromEntries(methods) as Deferred<Part, Name>;
}

/** Makes a value with the first call and keeps it. After a failure the next call tries again. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

/** Calls `end` when a session is disposed: at once, if that was while the code of the part to end was fetched. */
export function whenDisposed(disposed: AbortSignal, end: () => void): void {
  if (disposed.aborted) end();
  else disposed.addEventListener('abort', end);
}
