import { expect, test } from './support/fixtures.ts';
import { UNLISTED_HOST } from './support/hugging-face-host.ts';

const URL_THERE = `https://${UNLISTED_HOST}/any/file.bin?seed=1&size=10`;

/** The results of a request by the page itself, and by a worker of the kind that the app starts. */
function ask(url: string): Promise<readonly string[]> {
  const attempt = `fetch(${JSON.stringify(url)}).then((response) => String(response.status), () => 'refused')`;
  const worker = new Worker(URL.createObjectURL(new Blob([`${attempt}.then(postMessage)`])));
  const inWorker = new Promise<string>((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
  });
  const inPage = fetch(url).then(
    (response) => String(response.status),
    () => 'refused',
  );
  return Promise.all([inPage, inWorker]);
}

test('the browser forbids a host, in workers too, until the user allows it in the settings', async ({
  app,
  page,
  network,
}) => {
  network.allow(`https://${UNLISTED_HOST}`);
  await app.open();
  expect(await page.evaluate(ask, URL_THERE)).toEqual(['refused', 'refused']);
  await app.openPage('Settings');
  await page.getByRole('textbox', { name: 'Host to allow' }).fill(UNLISTED_HOST);
  await page.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(page.getByText('Any host over https')).toBeHidden();
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: `https://${UNLISTED_HOST}` })).toBeVisible();
  expect(await page.evaluate(ask, URL_THERE)).toEqual(['200', '200']);
  expect(await page.evaluate(ask, 'https://elsewhere.example/')).toEqual(['refused', 'refused']);
  await page.getByRole('button', { name: `Block https://${UNLISTED_HOST}` }).click();
  await page.reload();
  expect(await page.evaluate(ask, URL_THERE)).toEqual(['refused', 'refused']);
});

test('the policy does not depend on another file: it stands where the script for the first paint is missing', async ({
  app,
  page,
  site,
}) => {
  site.route('/before-paint.js', (_, response) => void response.writeHead(503).end());
  await app.open();
  expect(await page.evaluate(ask, URL_THERE)).toEqual(['refused', 'refused']);
  expect(await page.evaluate(ask, `${site.origin}/manifest.webmanifest`)).toEqual(['200', '200']);
});
