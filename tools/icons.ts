/** `npm run icons` draws the PNG icons from the SVGs in public/icons; needed only when an SVG has changed. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { QUIET_FLAGS, requireChromium } from './find-chromium.ts';

const FOLDER = new URL('../public/icons/', import.meta.url);
const ICONS = [
  { svg: 'icon.svg', png: 'icon-192.png', sizePx: 192 },
  { svg: 'icon.svg', png: 'icon-512.png', sizePx: 512 },
  { svg: 'icon-maskable.svg', png: 'icon-maskable-512.png', sizePx: 512 },
  // iOS rounds the corners itself and paints transparent corners black.
  { svg: 'icon-maskable.svg', png: 'apple-touch-icon.png', sizePx: 180 },
];

const browser = await chromium.launch({ executablePath: requireChromium(), args: [...QUIET_FLAGS] });
try {
  const page = await browser.newPage();
  for (const { svg, png, sizePx } of ICONS) {
    await page.setViewportSize({ width: sizePx, height: sizePx });
    await page.setContent(
      `<style>body{margin:0}svg{display:block}</style>${readFileSync(new URL(svg, FOLDER), 'utf8')}`,
    );
    await page.screenshot({ path: fileURLToPath(new URL(png, FOLDER)), omitBackground: true });
  }
} finally {
  await browser.close();
}
