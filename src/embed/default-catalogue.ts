/** Set by each build: the path of catalogue.json relative to the built script. */
declare const __ALCOVE_CATALOGUE_PATH__: string;

/**
 * URL of this build's catalogue: the site's own, beside the embed script, whatever page embeds it; for the npm package,
 * the one inside the package.
 */
export const DEFAULT_CATALOGUE_URL = new URL(__ALCOVE_CATALOGUE_PATH__, import.meta.url).href;
