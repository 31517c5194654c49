import { AlcoveError } from '../../platform/errors.ts';
import type { GgufContents } from './read-gguf.ts';

/** What a projector's header says: the file that turns images into what one model reads in place of words. */
export interface ProjectorFacts {
  /** Of the models that it was made for; undefined where the file does not say. */
  readonly embeddingLength: number | undefined;
  /** Tokens that an image takes, about; undefined for a projector of sound alone. */
  readonly imageTokens: number | undefined;
}

/**
 * Most tokens of an image for models that read large ones in more: Alcove asks llama.cpp for no more. Such a model would else
 * take 4,096, a whole window, for a photograph (`set_limit_image_tokens` in `tools/mtmd/clip.cpp`).
 */
export const MOST_IMAGE_TOKENS = 1_024;

/** Projectors whose images have a number of tokens of their own, by `clip.projector_type`. */
const ANY_SIZE = /^(?:qwen|pixtral|kimivl|kimik25|lfm2|lightonocr|glm4v|youtuvl|paddleocr|hunyuan|dots)/;

/** Tiles of 512 × 512 of a picture of 4:3, and one of the whole, as SmolVLM reads it. */
const IDEFICS_TILES = 13;

/** Of Gemma 4, `set_limit_image_tokens(40, 280)`. */
const GEMMA_4_TOKENS = 280;

export function projectorFacts({ metadata }: GgufContents): ProjectorFacts {
  const number = (key: string): number | undefined => {
    const value = metadata.get(key);
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
  };
  const type = metadata.get('clip.vision.projector_type') ?? metadata.get('clip.projector_type');
  const sees = metadata.get('clip.has_vision_encoder') !== false && number('clip.vision.patch_size') !== undefined;
  const size = number('clip.vision.image_size') ?? 0;
  const scale = number('clip.vision.projector.scale_factor') ?? (type === 'gemma3' ? 4 : 1);
  const tile = Math.max(1, Math.round((size / (number('clip.vision.patch_size') ?? 1) / scale) ** 2));
  const imageTokens =
    typeof type === 'string' && ANY_SIZE.test(type)
      ? MOST_IMAGE_TOKENS
      : type === 'gemma4v' || type === 'gemma4uv'
        ? GEMMA_4_TOKENS
        : Math.min(tile * (type === 'idefics3' ? IDEFICS_TILES : 1), MOST_IMAGE_TOKENS);
  // Files from before 2025 have CLIP's own length under this key, and no type.
  const isNew = metadata.get('general.type') === 'mmproj';
  return {
    embeddingLength: isNew ? number('clip.vision.projection_dim') : undefined,
    imageTokens: sees ? imageTokens : undefined,
  };
}

/**
 * @param model a header's `embeddingLength`; a file that does not say one is trusted
 * @param path of the projector
 * @throws AlcoveError `projector-mismatch` if the projector was made for another model
 */
export function checkProjector(
  projector: ProjectorFacts | undefined,
  { embeddingLength }: { readonly embeddingLength: number | undefined },
  path: string,
): void {
  const needed = projector?.embeddingLength;
  if (needed === undefined || embeddingLength === undefined || needed === embeddingLength) return;
  throw new AlcoveError('projector-mismatch', `${path} is for models of ${needed}, not ${embeddingLength}`, {
    data: { path, needed, embeddingLength },
  });
}
