/**
 * `npm run looks` draws the pages of examples/looks/ with the built element: wide and light, narrow and dark, into docs/looks/
 * for the guide; `npm run looks -- --all --out /tmp/looks` each at both widths in both schemes.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { FONTS_ENVIRONMENT, QUIET_FLAGS, requireChromium } from './find-chromium.ts';
import { close, listen, staticFiles } from './static-server.ts';

const LOOKS = new URL('../examples/looks/', import.meta.url);
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 360, height: 740 } } as const;
const SCHEMES = ['light', 'dark'] as const;

/** What is in the chat, by page; a page that is not here shows the chat as it is before it is used. */
const TALKS: Readonly<Record<string, readonly (readonly [question: string, answer: string])[]>> = {
  'support-bubble': [
    ['Which boat is for two people?', 'The Lom 5.1: a sailing dinghy for two. The Skarv and the Terne are for one.'],
    ['Can I send it back?', 'Yes. You have thirty days, and we pay for the transport.'],
  ],
  'editor-panel': [
    [
      'List what was counted',
      '- Three pairs of terns, one fewer than last week\n- One empty nest\n- Water at the pier: 9 °C\n- The buoy: 40 m to the east',
    ],
  ],
};

const { values: options } = parseArgs({
  options: { all: { type: 'boolean', default: false }, out: { type: 'string', default: 'docs/looks' } },
});
mkdirSync(options.out, { recursive: true });

const site = staticFiles({ root: fileURLToPath(new URL('../dist', import.meta.url)), headers: {} });
const serve: RequestListener = (request, response) => {
  const name = /^\/looks\/([\w-]+\.html)$/.exec(request.url ?? '')?.[1];
  if (name === undefined) return site(request, response);
  const html = readFileSync(new URL(name, LOOKS), 'utf8').replace('https://alcove.example', '');
  return response.writeHead(200, { 'Content-Type': 'text/html' }).end(html);
};
const { server, origin } = await listen(serve);
const browser = await chromium.launch({
  executablePath: requireChromium(),
  env: FONTS_ENVIRONMENT,
  args: [...QUIET_FLAGS],
});
for (const file of readdirSync(LOOKS)) {
  const name = file.replace('.html', '');
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of SCHEMES) {
      if (!options.all && (size === 'wide') !== (colorScheme === 'light')) continue;
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${origin}/looks/${file}`);
      await show(page, TALKS[name] ?? []);
      const path = `${options.out}/${name}-${size}${options.all ? `-${colorScheme}` : ''}.png`;
      await page.screenshot({ path });
      await page.close();
      console.log(path);
    }
  }
}
await browser.close();
await close(server);

async function show(page: Page, talk: readonly (readonly [string, string])[]): Promise<void> {
  const chat = page.locator('alcove-chat');
  await chat.evaluate(async (element, pairs) => {
    await customElements.whenDefined('alcove-chat');
    const embedded = element as unknown as { open(): Promise<void>; messages: readonly object[] };
    if (pairs.length === 0) return;
    await embedded.open();
    // Else its download would be offered below the chat.
    element.removeAttribute('model');
    embedded.messages = pairs.flatMap(([question, answer]) => [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ]);
  }, talk);
  const last = talk.at(-1)?.[1].slice(-12);
  await (last === undefined ? chat.getByRole('heading', { level: 2 }) : chat.getByText(last)).waitFor();
  await page.evaluate(() => document.fonts.ready);
}
