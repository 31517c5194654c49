import file from 'alcove:catalogue';

/**
 * Address of this build's catalogue, whatever page embeds it: the site's own; for the npm package one that stands for the
 * catalogue inside the package.
 */
export const DEFAULT_CATALOGUE_URL = 'url' in file ? file.url : 'alcove:catalogue';

/** The text of the package's catalogue, where the URL stands for it. */
export async function packagedCatalogue(url: string): Promise<string | undefined> {
  return url === DEFAULT_CATALOGUE_URL && 'load' in file ? file.load() : undefined;
}
