import { expect, inject, onTestFinished, test } from 'vitest';
import { FaultHost } from './testing/fault-host.ts';

/** Requests an address from a frame whose policy allows connections to this page's host and `allowedOrigin`. */
async function requestUnderPolicy(url: string, allowedOrigin: string): Promise<unknown> {
  const frame = document.createElement('iframe');
  frame.srcdoc = `
    <meta http-equiv="content-security-policy" content="connect-src 'self' ${allowedOrigin}">
    <script type="module">
      import { request, watchPolicy } from '/src/download/http.ts';
      watchPolicy();
      request(${JSON.stringify(url)}, {}, { baseUrl: ${JSON.stringify(location.href)} }).then(
        () => parent.postMessage({ code: 'none' }, '*'),
        ({ code, data }) => parent.postMessage({ code, data }, '*'),
      );
    </script>`;
  onTestFinished(() => frame.remove());
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const listen = (event: MessageEvent): void => {
    if (event.source === frame.contentWindow && 'code' in event.data) resolve(event.data);
  };
  addEventListener('message', listen);
  onTestFinished(() => removeEventListener('message', listen));
  document.body.append(frame);
  return promise;
}

const file = { path: 'a.bin', size: 10 };

test('row 12: the error names a host that the policy forbids', async () => {
  const url = new FaultHost().url(file);
  expect(await requestUnderPolicy(url, 'https://example.org')).toMatchObject({
    code: 'blocked-by-policy',
    data: { host: new URL(url).host, url },
  });
});

test('row 12: a redirect to a host that the policy forbids is reported as a policy error', async () => {
  const url = new FaultHost().url({ ...file, fault: 'redirect' });
  expect(await requestUnderPolicy(url, inject('faultServer').origin)).toMatchObject({ code: 'blocked-by-policy' });
});

test('a failure of a host that the policy allows is no policy error', async () => {
  const url = new FaultHost().url({ ...file, fault: '404' });
  expect(await requestUnderPolicy(url, inject('faultServer').origin)).toMatchObject({ code: 'not-found' });
});
