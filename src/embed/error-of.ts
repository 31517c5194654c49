import { type AlcoveError, fromWireError, toAlcoveError, type WireError } from '../platform/errors.ts';

const errors = new WeakMap<WireError, AlcoveError>();

/** The error of a message: one object for each, so that an event and a rejected promise have the same. */
export function errorOf(wire: WireError): AlcoveError {
  const known = errors.get(wire);
  if (known !== undefined) return known;
  const error = toAlcoveError(fromWireError(wire));
  errors.set(wire, error);
  return error;
}
