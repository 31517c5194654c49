import { answerPage } from './answer-page.ts';

answerPage(async ({ urls, lanes }: { urls: readonly string[]; lanes: number }) => {
  const start = performance.now();
  const waiting = [...urls];
  let bytes = 0;
  const lane = async () => {
    for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
      const { body } = await fetch(url, { cache: 'no-store' });
      if (body !== null) for await (const part of body) bytes += part.length;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { ms: performance.now() - start, bytes };
});
