import { use } from './support/embedded.ts';
import { expect, test } from './support/fixtures.ts';
import { SiteServer } from './support/site-server.ts';

test('the toy calls a tool of a host page of another origin, after the user has allowed it', async ({
  site,
  page,
  network,
}) => {
  const host = await SiteServer.start({ headers: false });
  network.allow(host.origin);
  host.serve(
    '/',
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title>
    <script type="module">
      import '${site.origin}/embed/alcove-chat.js';
      globalThis.called = [];
      const chat = document.querySelector('alcove-chat');
      await chat.registerTool({
        name: 'get_weather',
        inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        execute: ({ city }) => {
          globalThis.called.push(city);
          return { city: 'Lima', sky: 'rainy' };
        },
      });
    </script></head><body><alcove-chat model="toy-f32-GGUF" history="tools"></alcove-chat></body></html>`,
    'text/html',
  );
  await page.goto(host.origin);
  const chat = page.locator('alcove-chat');
  await use(chat);
  await chat.getByRole('button', { name: /^Download/ }).click();
  // The likeliest tokens, so that the toy's words do not depend on luck.
  await chat.getByRole('button', { name: 'This chat' }).click();
  const temperature = chat.getByRole('spinbutton', { name: /^Temperature/ });
  await temperature.fill('0');
  await temperature.press('Tab');
  await page.keyboard.press('Escape');
  const composer = chat.getByRole('textbox', { name: 'Message' });
  await composer.fill('What is the weather in Lima?');
  await composer.press('Enter');
  const question = chat.getByRole('group', { name: 'The model wants to use a tool of this page: get_weather.' });
  await expect(question).toBeVisible({ timeout: 60_000 });
  // The user sees with which arguments.
  await expect(chat.getByRole('region', { name: 'Arguments' })).toContainText('Lima');
  expect(await page.evaluate('called')).toEqual([]);
  await question.getByRole('button', { name: 'Allow once' }).click();
  await expect(question).toBeHidden();
  const answer = chat.locator('article[part~="assistant"]');
  await expect(answer).toHaveAttribute('aria-busy', 'false', { timeout: 60_000 });
  // The toy adds words to the city.
  expect(await page.evaluate('called')).toEqual([expect.stringMatching(/^Lima/)]);
  await expect(answer).toContainText('Done');
  await expect(answer.locator('alcove-markdown')).toContainText(/\w/);

  await page.reload();
  await use(chat);
  const row = chat.locator('alcove-tool-call summary');
  await expect(row).toHaveText(/Tool call: get_weather\s*Done/);
  await row.press('Enter');
  await expect(chat.getByRole('region', { name: 'Result' })).toContainText('rainy');
  await host.stop();
});
