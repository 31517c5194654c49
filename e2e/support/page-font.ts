import type { Page } from '@playwright/test';

/** A text face, a narrow and a wide one, all of the repository's own: what is painted takes other room in each. */
export const FONTS = ['DejaVu Sans', 'DejaVu Sans Condensed', 'DejaVu Sans Mono'] as const;

/** Lays the page out in this font, the text of index.html and of the app alike. Before the page is opened. */
export async function useFont(page: Page, font: string): Promise<void> {
  await page.addInitScript((family) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`:root { --alcove-font: '${family}' } .intro { font-family: '${family}' !important }`);
    document.adoptedStyleSheets = [sheet];
  }, font);
}
