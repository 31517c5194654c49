import { afterEach, expect, test } from 'vitest';
import { downloadableRecord, REAL_FILE } from '../models/testing/made-up.ts';
import { Session } from '../session/session.ts';
import type { AlcoveChatElement } from './alcove-chat-element.ts';
import type { DownloadConsentEvent } from './download-consent-event.ts';
import { INTERNAL_EVENTS } from './internal-events.ts';
import './define.ts';

const CATALOGUE = {
  version: 1,
  models: ['script', 'other'].map((id) => downloadableRecord({ id, name: `Model ${id}`, maker: 'Maker of scripts' })),
};

const cleanUps: (() => void)[] = [];

afterEach(() => {
  document.body.replaceChildren();
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
  performance.clearResourceTimings();
});

function catalogueUrl(): string {
  return URL.createObjectURL(new Blob([JSON.stringify(CATALOGUE)]));
}

function hostSession(): Session {
  const session = new Session({
    catalogueUrl: catalogueUrl(),
    databaseName: `test-${crypto.randomUUID()}`,
  });
  cleanUps.push(() => session.dispose());
  void session.start();
  return session;
}

interface Host {
  readonly element: AlcoveChatElement;
  readonly session: Session;
  /** The consent events that reached the page, oldest first. */
  readonly questions: DownloadConsentEvent[];
}

/** Puts the element on the page. @param answer what the host page does with a consent event */
function embed(answer: (event: DownloadConsentEvent) => void = () => {}, model: string | undefined = 'script'): Host {
  const questions: DownloadConsentEvent[] = [];
  const element = document.createElement('alcove-chat');
  element.addEventListener('alcove-download-consent', (event) => {
    questions.push(event);
    answer(event);
  });
  const session = hostSession();
  element.session = session;
  if (model !== undefined) element.setAttribute('model', model);
  document.body.append(element);
  return { element, session, questions };
}

function inGate(element: AlcoveChatElement, selector: string): HTMLElement | null {
  const gate = element.shadowRoot?.querySelector('alcove-model-gate')?.shadowRoot;
  return gate?.querySelector<HTMLElement>(selector) ?? null;
}

function button(element: AlcoveChatElement): HTMLElement | null {
  return inGate(element, 'alcove-download')?.shadowRoot?.querySelector<HTMLElement>('button') ?? null;
}

function weights(session: Session, id = 'script'): string | undefined {
  return session.state.models.find(({ record }) => record.id === id)?.weights.status;
}

function fileRequests(): number {
  return performance.getEntriesByName(REAL_FILE.url).length;
}

test('the element offers the download with its size, licence and host, and fetches nothing before consent', async () => {
  const { element, session, questions } = embed();
  await expect.poll(() => button(element)?.textContent).toContain('Download');
  expect(questions.map(({ model, sizeBytes, isSizeExact }) => [model.id, sizeBytes, isSizeExact])).toEqual([
    ['script', REAL_FILE.sizeBytes, true],
  ]);
  const words = inGate(element, 'section')?.textContent;
  for (const word of ['Model script', '55 kB', 'MIT', 'Maker of scripts', location.host]) expect(words).toContain(word);
  expect(weights(session)).not.toBe('stored');
  expect(fileRequests()).toBe(0);

  button(element)?.click();
  await expect.poll(() => weights(session)).toBe('stored');
  await expect.poll(() => element.shadowRoot?.querySelector('alcove-chat-view')).not.toBeNull();
  expect(questions).toHaveLength(1);
});

test('the whole download button is in view in a small element, before and after scrolling', async () => {
  const { element } = embed();
  element.style.cssText = 'inline-size: 320px; block-size: 260px';
  await expect.poll(() => button(element)?.textContent).toContain('Download');
  const gate = element.shadowRoot?.querySelector('alcove-model-gate');
  if (gate == null) throw new Error('no gate');
  expect(gate.scrollHeight).toBeGreaterThan(gate.clientHeight);
  for (const top of [0, gate.scrollHeight]) {
    gate.scrollTop = top;
    const shown = button(element)?.getBoundingClientRect();
    expect(shown?.bottom).toBeLessThanOrEqual(element.getBoundingClientRect().bottom);
    expect(shown?.top).toBeGreaterThan(element.getBoundingClientRect().top);
  }
});

test('the element neither offers nor downloads a model that the host page refuses, until it allows it', async () => {
  const { element, session, questions } = embed((event) => event.preventDefault());
  await expect.poll(() => inGate(element, 'section')?.textContent).toContain('has not approved');
  expect(button(element)).toBeNull();
  expect(weights(session)).not.toBe('stored');
  expect(fileRequests()).toBe(0);

  questions[0]?.allow();
  await expect.poll(() => weights(session)).toBe('stored');
});

test('the download starts immediately if the host page allows it in its listener', async () => {
  const { session, questions } = embed((event) => event.allow());
  await expect.poll(() => weights(session)).toBe('stored');
  expect(questions).toHaveLength(1);
  expect(questions[0]?.defaultPrevented).toBe(true);
});

test('the element asks again for another model, and ignores an answer about the previous one', async () => {
  const { element, session, questions } = embed((event) => event.preventDefault());
  await expect.poll(() => questions).toHaveLength(1);
  element.model = 'other';
  await expect.poll(() => questions.map(({ model }) => model.id)).toEqual(['script', 'other']);
  questions[0]?.allow();
  questions[1]?.allow();
  await expect.poll(() => weights(session, 'other')).toBe('stored');
  expect(weights(session, 'script')).not.toBe('stored');
});

test('the element shows the session of an app without a question if the app names no model', async () => {
  const { element, session, questions } = embed();
  element.removeAttribute('model');
  await session.start();
  await expect.poll(() => element.shadowRoot?.querySelector('alcove-chat-view')).not.toBeNull();
  await element.updateComplete;
  expect(questions).toEqual([]);
});

test('the element does not expose the events between its views to the page', async () => {
  const { element } = embed(undefined, '');
  await expect.poll(() => element.shadowRoot?.querySelector('alcove-chat-view')).not.toBeNull();
  const view = element.shadowRoot?.querySelector('alcove-chat-view');
  const names = [...Object.keys(INTERNAL_EVENTS), 'alcove-download-consent'];
  const sent: string[] = [];
  const heard: string[] = [];
  for (const name of names) {
    view?.addEventListener(name, ({ type }) => sent.push(type), { once: true });
    document.addEventListener(name, ({ type }) => heard.push(type), { once: true });
    view?.dispatchEvent(new Event(name, { bubbles: true, composed: true, cancelable: true }));
  }
  expect(sent).toEqual(names);
  expect(heard).toEqual(['alcove-download-consent']);
});

test('the element reports a model that the catalogue does not list', async () => {
  const { element, questions } = embed(undefined, 'nope');
  await expect.poll(() => element.shadowRoot?.querySelector('[role="alert"]')?.textContent).toContain('nope');
  expect(questions).toEqual([]);
});

test('the element keeps its session when it is moved, and creates a new one after it was removed', async () => {
  const asked: string[] = [];
  const element = document.createElement('alcove-chat');
  element.addEventListener('alcove-download-consent', (event) => {
    event.preventDefault();
    asked.push(event.model.id);
  });
  element.catalogue = catalogueUrl();
  element.model = 'script';
  document.body.append(element);
  await element.updateComplete;
  element.focus();
  await expect.poll(() => asked).toEqual(['script']);

  const elsewhere = document.createElement('div');
  document.body.append(elsewhere);
  elsewhere.append(element);
  await element.updateComplete;
  expect(inGate(element, 'section')).not.toBeNull();
  expect(asked).toEqual(['script']);

  element.remove();
  await Promise.resolve();
  document.body.append(element);
  await expect.poll(() => asked).toEqual(['script', 'script']);
});
