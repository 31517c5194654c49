import { expect, test } from 'vitest';
import { AlcoveError } from '../../platform/errors.ts';
import { readText, type ServerAnswer } from './server-request.ts';
import { ServerSentEvents } from './server-sent-events.ts';

const encoder = new TextEncoder();

function eventsOf(text: string, pieceLength: number): string[] {
  const events = new ServerSentEvents();
  const bytes = encoder.encode(text);
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceLength) found.push(...events.push(bytes.slice(at, at + pieceLength)));
  return [...found, ...events.end()];
}

test('events are the same wherever the stream is cut, with all three line breaks', () => {
  const text = 'data: é1\n\n: a comment\r\ndata: two\r\ndata: lines\r\n\r\nevent: x\rdata: third\r\rdata: last';
  for (const length of [1, 2, 3, 5, 1000]) {
    expect(eventsOf(text, length)).toEqual(['é1', 'two\nlines', 'third', 'last']);
  }
});

test('a line without end and an event without end are refused, long events are not', () => {
  const line = encoder.encode('data: '.padEnd(60, 'x'));
  const endless = new ServerSentEvents(100);
  expect(endless.push(line)).toEqual([]);
  expect(() => endless.push(line)).toThrow(RangeError);
  const lines = new ServerSentEvents(100);
  expect(lines.push(encoder.encode(`${'data: '.padEnd(60, 'x')}\n`))).toEqual([]);
  expect(() => lines.push(encoder.encode(`${'data: '.padEnd(60, 'x')}\n`))).toThrow(RangeError);
  const many = new ServerSentEvents(100);
  for (let count = 0; count < 10; count++) {
    expect(many.push(line)).toEqual([]);
    expect(many.push(encoder.encode('\n\n'))).toHaveLength(1);
  }
});

test('a body without end is refused, and cancelled', async () => {
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1000)),
    cancel: () => {
      isCancelled = true;
    },
  });
  const answer = {
    host: 'localhost:1',
    response: new Response(endless),
    watch: { heard: () => {} },
    meter: { add: () => {} },
    explain: (cause: unknown) => new AlcoveError('server-cut-off', '', { cause }),
  };
  await expect(readText(answer as unknown as ServerAnswer, 5_500)).rejects.toMatchObject({
    code: 'server-answer-invalid',
    data: { host: 'localhost:1' },
  });
  expect(isCancelled).toBe(true);
});
