import { imageLine, type PlacedImage, type PromptTurn } from '../../chat/prompt/prompt.ts';
import type { PromptMessage, PromptPart } from '../../engine/engine.ts';

/**
 * Turns as an engine takes them, with the bytes of their images. They are Blobs of the store, which the engine reads.
 * @param read the bytes of an attached file; undefined if they are gone, and the image is only named
 */
export function withImages(
  turns: readonly PromptTurn[],
  read: (sha256: string) => Promise<Blob | undefined>,
): Promise<PromptMessage[]> {
  return Promise.all(
    turns.map(async ({ images, ...turn }): Promise<PromptMessage> => {
      return images === undefined ? turn : { ...turn, content: await partsOf(turn.content, images, read) };
    }),
  );
}

async function partsOf(
  text: string,
  images: readonly PlacedImage[],
  read: (sha256: string) => Promise<Blob | undefined>,
): Promise<PromptPart[]> {
  const parts: PromptPart[] = [];
  const addText = (piece: string): void => {
    if (piece.trim() !== '') parts.push({ type: 'text', text: piece.trim() });
  };
  let end = 0;
  for (const { at, part } of images) {
    addText(text.slice(end, at));
    end = at;
    const image = await read(part.sha256 ?? '').catch(() => undefined);
    if (image === undefined) addText(imageLine(part));
    else parts.push({ type: 'image', image });
  }
  addText(text.slice(end));
  return parts;
}
