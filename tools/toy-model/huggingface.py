"""Write the toy in Hugging Face's format, for servers such as vLLM, from the files that web-llm reads.

    python huggingface.py OUT_DIR     (pip install numpy safetensors)

OUT_DIR: model.safetensors (float32), config.json, generation_config.json, tokenizer.json, tokenizer_config.json
"""
import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

TOY = Path(__file__).resolve().parents[2] / "public/models/toy"

# As export.py's, with the tools in the system prompt as the toy was taught them (skills.py).
TEMPLATE = """{%- if tools -%}
{{- '<|im_start|>system\nYou can call tools. Tools: [' -}}
{%- for tool in tools -%}{{- '{"name": "' + tool.function.name + '", "parameters": {"city": "string"}}' -}}{%- endfor -%}
{{- ']<|im_end|>\n' -}}
{%- endif -%}
{%- for m in messages -%}
{{- '<|im_start|>' + m.role + '\n' + (m.content or '') -}}
{%- for call in m.tool_calls or [] -%}
{{- '<tool_call>\n' + ({'name': call.function.name, 'arguments': call.function.arguments} | tojson) + '\n</tool_call>' -}}
{%- endfor -%}
{{- '<|im_end|>\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\n' -}}{%- endif -%}"""


def weights():
    for shard in json.loads((TOY / "tensor-cache.json").read_text())["records"]:
        data = (TOY / shard["dataPath"]).read_bytes()
        for r in shard["records"]:
            values = np.frombuffer(data, "<f4", r["nbytes"] // 4, r["byteOffset"])
            yield r["name"], values.reshape(r["shape"])


def split(name, value, c):
    """web-llm joins what one multiplication can do; Hugging Face's names keep it apart."""
    if name.endswith("qkv_proj.weight"):
        q, kv = c["num_attention_heads"] * c["head_dim"], c["num_key_value_heads"] * c["head_dim"]
        parts = zip("qkv", np.split(value, [q, q + kv]))
        return {name.replace("qkv_proj", f"self_attn.{x}_proj"): part for x, part in parts}
    if name.endswith("gate_up_proj.weight"):
        parts = zip(("gate", "up"), np.split(value, [c["intermediate_size"]]))
        return {name.replace("gate_up_proj", f"mlp.{x}_proj"): part for x, part in parts}
    return {name.replace("o_proj", "self_attn.o_proj").replace("down_proj", "mlp.down_proj"): value}


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    c = json.loads((TOY / "mlc-chat-config.json").read_text())["model_config"]
    tensors = {f"model.{n}": np.ascontiguousarray(v) for name, value in weights() for n, v in split(name, value, c).items()}
    save_file(tensors, out / "model.safetensors", metadata={"format": "pt"})
    context_window = c.pop("context_window_size")
    c.pop("prefill_chunk_size")
    ends = {"bos_token_id": 0, "eos_token_id": 2, "pad_token_id": 0}
    files = {
        "config.json": {
            **c, **ends, "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu",
            "max_position_embeddings": context_window, "dtype": "float32", "torch_dtype": "float32",
        },
        "generation_config.json": {"bos_token_id": 0, "eos_token_id": [2, 0], "pad_token_id": 0},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|endoftext|>", "eos_token": "<|im_end|>",
            "pad_token": "<|endoftext|>", "model_max_length": context_window, "clean_up_tokenization_spaces": False,
            "add_bos_token": False, "chat_template": TEMPLATE,
        },
    }
    for name, value in files.items():
        (out / name).write_text(json.dumps(value, indent=1))
    tokenizer = json.loads((TOY / "tokenizer.json").read_text())
    # As models that think have it: vLLM leaves special tokens out of an answer, and with them the marks of its reasoning.
    for token in tokenizer["added_tokens"]:
        token["special"] = token["content"].startswith("<|")
    (out / "tokenizer.json").write_text(json.dumps(tokenizer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
