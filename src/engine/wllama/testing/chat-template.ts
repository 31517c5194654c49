import type { Edit } from '../../webllm/testing/damage.ts';

const KEY = 'tokenizer.chat_template';
/** A GGUF's tensors start at a multiple of it. */
const ALIGNMENT = 32;
/** Before a text in the header: its type (4 bytes) and its length (8). */
const TYPE_BYTES = 4;
const PREFIX_BYTES = TYPE_BYTES + 8;

/** Replaces the chat template of a GGUF file. */
export function withTemplate(template: string): Edit {
  return (bytes) => {
    const key = new TextEncoder().encode(KEY);
    const at = bytes.findIndex((_, index) => key.every((byte, offset) => bytes[index + offset] === byte));
    if (at < 0) throw new Error('the file has no chat template');
    const start = at + key.length;
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset + start + TYPE_BYTES, 8).getBigUint64(0, true));
    // Padded by a comment of at least 4 characters, so that the tensors stay aligned.
    const missing = (ALIGNMENT - ((template.length + 4 - length) % ALIGNMENT)) % ALIGNMENT;
    const text = new TextEncoder().encode(`${template}{#${' '.repeat(missing)}#}`);
    if ((text.length - length) % ALIGNMENT !== 0) throw new Error('the template is not plain ASCII');
    const edited = new Uint8Array(bytes.length + text.length - length);
    edited.set(bytes.subarray(0, start + PREFIX_BYTES));
    new DataView(edited.buffer).setBigUint64(start + TYPE_BYTES, BigInt(text.length), true);
    edited.set(text, start + PREFIX_BYTES);
    edited.set(bytes.subarray(start + PREFIX_BYTES + length), start + PREFIX_BYTES + text.length);
    return edited;
  };
}

const THINKING_SWITCH = `{%- if enable_thinking is defined and enable_thinking is false -%}{{- '<think>\n\n</think>\n\n' -}}{%- endif -%}`;

/** The toy's template with tools and with the switch that turns reasoning off. */
export const TOOL_TEMPLATE = `{%- if tools -%}
{{- '<|im_start|>system\nYou can call tools. Tools: [' -}}
{%- for tool in tools -%}{{- '{"name": "' + tool.function.name + '", "parameters": {"city": "string"}}' -}}{%- endfor -%}
{{- ']<|im_end|>\n' -}}
{%- endif -%}
{%- for m in messages -%}
{{- '<|im_start|>' + m.role + '\n' -}}
{%- if m.content -%}{{- m.content -}}{%- endif -%}
{%- if m.tool_calls -%}
{%- for call in m.tool_calls -%}
{{- '<tool_call>\n{"name": "' + call.function.name + '", "arguments": ' + (call.function.arguments | tojson) + '}\n</tool_call>' -}}
{%- endfor -%}
{%- endif -%}
{{- '<|im_end|>\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{- '<|im_start|>assistant\n' -}}
${THINKING_SWITCH}
{%- endif -%}`;

/** The toy's template with tools. */
export const ONLY_TOOLS_TEMPLATE = TOOL_TEMPLATE.replace(THINKING_SWITCH, '');
