/** Set by each build: the path of catalogue.json relative to the built script. */
declare const __ALCOVE_CATALOGUE_PATH__: string;

/** The catalogue of this build, as `<alcove-chat>` uses it. */
export const DEFAULT_CATALOGUE_URL = new URL(__ALCOVE_CATALOGUE_PATH__, import.meta.url).href;
