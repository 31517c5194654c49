import { afterEach, expect, test } from 'vitest';
import { allowHost, forbidHost, HUGGING_FACE_URL, mayAsk, readHosts, writeHosts } from './allowed-hosts.ts';

afterEach(() => {
  localStorage.clear();
  for (const policy of document.querySelectorAll('meta[data-test]')) policy.remove();
});

/** Not a policy that the browser enforces: those could not be taken back. */
function pretendPolicy(content: string): void {
  const meta = document.createElement('meta');
  meta.setAttribute('data-test', '');
  document.body.append(meta);
  // Only a meta in the head, inserted with its content, counts for the browser.
  meta.httpEquiv = 'Content-Security-Policy';
  meta.content = content;
}

test('an allowed host stays allowed and is listed once, until it is forbidden', () => {
  expect(readHosts()).toEqual({ huggingFaceUrl: HUGGING_FACE_URL, allowed: [] });
  allowHost('https://models.example');
  allowHost('https://models.example');
  expect(readHosts().allowed).toEqual(['https://models.example']);
  forbidHost('https://models.example');
  expect(readHosts().allowed).toEqual([]);
});

test('a stored value that is no origin is ignored', () => {
  writeHosts({ huggingFaceUrl: 'javascript:alert(1)', allowed: ['https://a.example; script-src *', '*', 'https:'] });
  expect(readHosts()).toEqual({ huggingFaceUrl: HUGGING_FACE_URL, allowed: ['https:'] });
  localStorage.setItem('alcove-hosts', '{"allowed":7}');
  expect(readHosts().allowed).toEqual([]);
  localStorage.setItem('alcove-hosts', 'nonsense');
  expect(readHosts().huggingFaceUrl).toBe(HUGGING_FACE_URL);
});

test('a host is allowed only if each policy of the page allows it', () => {
  expect(mayAsk('https://anything.example/a')).toBe(true);
  pretendPolicy("default-src 'none'; connect-src *");
  pretendPolicy("connect-src 'self' https://huggingface.co https://*.hf.co http://127.0.0.1:8080");
  expect(mayAsk('https://huggingface.co/a/b')).toBe(true);
  expect(mayAsk('https://us.cdn.hf.co/x')).toBe(true);
  expect(mayAsk(`${location.origin}/catalogue.json`)).toBe(true);
  expect(mayAsk('http://127.0.0.1:8080/v1/models')).toBe(true);
  expect(mayAsk('https://hf.co.evil.example/x')).toBe(false);
  expect(mayAsk('http://huggingface.co/x')).toBe(false);
  expect(mayAsk('https://models.example/x')).toBe(false);
  pretendPolicy('connect-src https:');
  expect(mayAsk('http://127.0.0.1:8080/v1/models')).toBe(false);
});
