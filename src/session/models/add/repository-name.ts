import type { PlanOptions } from '../../../download/http.ts';
import { hostUrl, resolveUrl } from '../../../download/huggingface.ts';
import { safeDecodeUri } from '../../../platform/safe-decode-uri.ts';

/** What a text names on Hugging Face or its mirror. */
export type NamedSource =
  | {
      readonly kind: 'repository';
      /** `owner/name` */
      readonly repo: string;
      /** The quantization after a colon, as Ollama and llama.cpp write it; undefined if none is named. */
      readonly tag: string | undefined;
    }
  | { readonly kind: 'file'; readonly url: string };

/** Commands that people copy from a model's page. What follows, up to a space, names the model. */
const COMMAND = /^(?:ollama\s+(?:run|pull)|lms\s+get|llama(?:-server|-cli)?\s(?:.*\s)?(?:-hf|-hfr|--hf-repo))[\s=]+/i;

/** `hf://`, and addresses without their scheme. */
const HOSTS = /^(?:hf:\/\/|(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\/)/i;

const OWNER_AND_NAME = /^([\w.-]*\w[\w.-]*\/[\w.-]*\w[\w.-]*)(?::([\w.-]+))?(?:\/(.*))?$/;

/** Verbs in the path of one file: `/owner/name/resolve/main/file.gguf`. */
const FILE_PATH = /^(?:resolve|blob|raw)\/([^/]+)\/(.+)$/;

/**
 * Reads a repository or a file of Hugging Face as people copy it: `owner/name`, with a quantization (`:Q4_K_M`) or a file behind
 * it, an address with or without its scheme, `hf://…`, or the command of Ollama, LM Studio or llama.cpp that runs it.
 * @returns undefined for any other text, such as the address of another host
 */
export function readNamedSource(text: string, options: PlanOptions): NamedSource | undefined {
  const [words = ''] = text.trim().replace(COMMAND, '').split(/\s/);
  const mirror = `${hostUrl(options)}/`;
  const path = (words.startsWith(mirror) ? words.slice(mirror.length) : words.replace(HOSTS, '')).replace(
    /[?#].*$/,
    '',
  );
  const [, repo = '', tag, rest = ''] = OWNER_AND_NAME.exec(path.replace(/\/+$/, '')) ?? [];
  if (repo === '' || repo.split('/').some((part) => /^\.+$/.test(part))) return undefined;
  const [, revision = 'main', filePath = rest] = FILE_PATH.exec(rest) ?? [];
  if (/\.gguf$/i.test(filePath))
    return { kind: 'file', url: resolveUrl(repo, revision, safeDecodeUri(filePath), options) };
  return { kind: 'repository', repo, tag };
}
