/**
 * `npm run screens` draws every state of the interface (src/ui/testing/states.ts) at three widths, light and dark, into
 * docs/screens/; `npm run screens -- ready '#settings'` only these states and pages. One picture holds all six of a state,
 * so that they can be compared at a glance. With `--readme` it draws the picture of the README instead.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { createServer } from 'vite';
import { FONTS_ENVIRONMENT, QUIET_FLAGS, requireChromium } from './find-chromium.ts';

const SIZES = [
  { width: 360, height: 740 },
  { width: 768, height: 900 },
  { width: 1440, height: 900 },
] as const;
const SCHEMES = ['light', 'dark'] as const;
/** The pages, drawn in one state each. */
const PAGES = [
  '#/models',
  '#/models/qwen',
  '#/models/compare?id=qwen&id=llama',
  '#/models/add',
  '#storage',
  '#settings',
  '#/chat/chat-1/settings',
  '#/project/p0',
] as const;
const PAGES_STATE = 'projects';
const GAP_PX = 16;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lang: { type: 'string', default: 'en' },
    zoom: { type: 'string', default: '' },
    out: { type: 'string', default: 'docs/screens' },
    readme: { type: 'boolean', default: false },
  },
});
mkdirSync(options.out, { recursive: true });

const server = await createServer({ server: { port: 0 }, logLevel: 'error' });
await server.listen();
const address = `${server.resolvedUrls?.local[0] ?? ''}src/ui/testing/states.html`;
const browser = await chromium.launch({
  executablePath: requireChromium(),
  env: FONTS_ENVIRONMENT,
  args: [...QUIET_FLAGS],
});
try {
  const known = [...(await readStates(browser)), ...PAGES];
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`no such state: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  if (options.readme) await drawForReadme();
  else for (const name of positionals.length === 0 ? known : positionals) await draw(name);
} finally {
  await browser.close();
  await server.close();
}

async function readStates(browser: Browser): Promise<string[]> {
  const page = await browser.newPage();
  await page.goto(address);
  const names = await page.locator('a').allInnerTexts();
  await page.close();
  return names;
}

async function draw(name: string): Promise<void> {
  const pictures: string[] = [];
  for (const colorScheme of SCHEMES) {
    for (const viewport of SIZES) {
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
      await open(page, name);
      pictures.push((await page.screenshot({ animations: 'disabled' })).toString('base64'));
      await page.close();
    }
  }
  const sheet = await browser.newPage({ viewport: { width: sheetWidth(), height: 100 } });
  await sheet.setContent(
    `<body style="margin:${GAP_PX}px;display:flex;flex-wrap:wrap;gap:${GAP_PX}px;align-items:start;background:#888">${pictures.map((picture) => `<img src="data:image/png;base64,${picture}">`).join('')}</body>`,
  );
  await sheet.screenshot({ path: join(options.out, `${name.replaceAll(/[^\w-]+/g, '-')}.png`), fullPage: true });
  await sheet.close();
  console.log(name);
}

async function drawForReadme(): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: 'light' });
  await open(page, 'formatted');
  await page.screenshot({ path: 'docs/screenshot.png', animations: 'disabled' });
}

async function open(page: Page, name: string): Promise<void> {
  const [state, hash] = name.startsWith('#') ? [PAGES_STATE, name] : [name, ''];
  await page.goto(
    `${address}?${new URLSearchParams({ state, lang: options.lang, zoom: options.zoom }).toString()}${hash}`,
  );
  await page.locator('alcove-app').waitFor();
  // Parts of the interface load when they are first shown.
  await page.waitForLoadState('networkidle');
}

function sheetWidth(): number {
  return SIZES.reduce((sum, { width }) => sum + width + GAP_PX, GAP_PX);
}
