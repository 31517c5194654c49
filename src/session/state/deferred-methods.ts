/** The methods `Name` of a part whose script is fetched later: each waits for it, then calls the part's own method. */
export type Deferred<Part, Name extends keyof Part> = {
  readonly [Key in Name]: Part[Key] extends (...parameters: infer Parameters) => infer Result
    ? (...parameters: Parameters) => Promise<Awaited<Result>>
    : never;
};

/**
 * Makes methods that can be called before the part that has them is loaded. They reject where it cannot be loaded, and
 * the next call tries again.
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

/** Makes a value when it is first asked for, and keeps it. A failure is not kept: the next call tries again. */
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
