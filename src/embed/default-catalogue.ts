/** Set by each build: where catalogue.json lies as seen from the built script. */
declare const __ALCOVE_CATALOGUE_PATH__: string;

/**
 * The catalogue that comes with this build: the site's own beside the embed script, whatever page embeds it; for the
 * npm package the one inside the package.
 */
export const DEFAULT_CATALOGUE_URL = new URL(__ALCOVE_CATALOGUE_PATH__, import.meta.url).href;
