import { use } from './support/embedded.ts';
import { expect, test } from './support/fixtures.ts';
import { WeatherHost } from './support/weather-host.ts';

test('the toy calls a tool of a host page of another origin, after the user has allowed it', async ({
  site,
  page,
  network,
}) => {
  const host = await WeatherHost.open(page, site, network, 'toy-f32-GGUF');
  const { chat } = host;
  await host.download();
  const answer = await host.ask();
  // The toy adds words to the city.
  expect(await host.called()).toEqual([expect.stringMatching(/^Lima/)]);
  await expect(answer.locator('alcove-markdown')).toContainText(/\w/);

  await page.reload();
  await use(chat);
  const row = chat.locator('alcove-tool-call summary');
  await expect(row).toHaveText(/Tool call: get_weather\s*Done/);
  await row.press('Enter');
  await expect(chat.getByRole('region', { name: 'Result' })).toContainText('rainy');
  await host.stop();
});
