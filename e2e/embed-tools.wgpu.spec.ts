import { expect, test } from './support/fixtures.ts';
import { WeatherHost } from './support/weather-host.ts';

test('the toy of web-llm calls a tool of a host page, after the user has allowed it, and says what it returned', async ({
  site,
  page,
  network,
}) => {
  const host = await WeatherHost.open(page, site, network, 'toy-q0f32-MLC');
  await host.download();
  const answer = await host.ask();
  expect(await host.called()).toEqual(['Lima']);
  await expect(answer.locator('alcove-markdown')).toContainText(/^\s*It is rainy in/);
  await host.stop();
});
