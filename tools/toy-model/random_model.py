"""Write a model of noise in the toy's architecture, of another size, with its library, to measure web-llm's speed with.

    python random_model.py LAYERS WIDTH OUT_DIR     (what build_library.py needs, and pip install gguf numpy)

OUT_DIR: mlc-chat-config.json, tensor-cache.json, params_shard_*.bin, tokenizer.json (the toy's), library.wasm
"""
import json
import sys
from pathlib import Path

import numpy as np

from build_library import build
from export import mlc

TOY = Path(__file__).resolve().parents[2] / "public/models/toy"


def main(layers, width, out):
    toy = json.loads((TOY / "mlc-chat-config.json").read_text())["model_config"]
    inner, d = width * 11 // 4, 64
    heads, kv = width // d, max(1, width // d // 2)
    config = {**toy, "num_hidden_layers": layers, "hidden_size": width, "intermediate_size": inner, "head_dim": d,
              "num_attention_heads": heads, "num_key_value_heads": kv}
    shapes = {"embed_tokens.weight": (config["vocab_size"], width), "norm.weight": (width,)}
    for i in range(layers):
        shapes |= {f"layers.{i}.{name}.weight": shape for name, shape in {
            "qkv_proj": ((heads + 2 * kv) * d, width), "o_proj": (width, heads * d), "gate_up_proj": (2 * inner, width),
            "down_proj": (width, inner), "input_layernorm": (width,), "post_attention_layernorm": (width,)}.items()}
    random = np.random.default_rng(1)
    weights = {name: random.standard_normal(shape, dtype=np.float32) * np.float32(0.02) if len(shape) == 2
               else np.ones(shape, np.float32) for name, shape in shapes.items()}
    mlc(weights, config, TOY / "tokenizer.json", out)
    build(config, out / "library.wasm")
    print(f"{sum(w.size for w in weights.values()):,} parameters")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
