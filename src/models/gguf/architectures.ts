/**
 * The architectures that llama.cpp b12211, which wllama 3.13.0 carries, can run, by the names that a GGUF has for them.
 * Read out of wllama.wasm, in its order; tools/gguf-architectures.test.ts compares the two.
 */
export const ARCHITECTURES: ReadonlySet<string> = new Set(
  `
    llama llama4 deci falcon grok gpt2 gptj gptneox mpt baichuan starcoder refact bert modern-bert nomic-bert
    nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 eurobert bloom stablelm qwen qwen2 qwen2moe qwen2vl sensenova_u1
    qwen3 flint qwen3moe clover_moe qwen3next qwen3vl qwen3vlmoe qwen35 qwen35moe clef vllm-decision2 qwen4exp phi2 phi3
    phimoe plamo plamo2 plamo3 codeshell orion internlm2 minicpm minicpm3 gemma gemma2 gemma3 gemma3n gemma4
    gemma4-assistant gemma-embedding gemma-embedding2 starcoder2 mamba mamba2 maple jamba falcon-h1 xverse command-r
    cohere2 cohere2moe dbrx olmo olmo2 olmoe muse-glimmer muse-spark openelm arctic deepseek deepseek2 deepseek2-ocr
    deepseek32 deepseek4 deepseek41 xing4_0 chatglm glm4 glm4moe glm-dsa bitnet t5 t5encoder jais jais2 nemotron
    nemotron_h nemotron_h_moe metis16 exaone exaone4 exaone-moe rwkv6 rwkv6qwen2 rwkv7 arwkv7 granite granitemoe
    granitehybrid graniteswitch granite_swa chameleon wavtokenizer-dec plm bailingmoe bailingmoe2 bailingmoe3 dots1
    dots3note arcee afmoe laguna ernie4_5 ernie4_5-moe hunyuan-moe hunyuan-dense hunyuan_vl hy_v3 hy_v4 smollm3 gpt-oss
    lfm2 lfm2moe lfm3 dream smallthinker llada llada-moe seed_oss grovemoe apertus minimax-01 hrm_text limite minimax-m2
    minimax-m3 cogvlm rnd1 pangu-embedded mistral3 eagle3 dflash mistral4 mistral-large4 paddleocr mimo2 step35 spark2_5
    llama-embed maincoder maion-coder kimi-linear kimi-k3 kimi-k31 glm5-next talkie mellum nanbeige qwen3tts pockettts
    k2-horizon beam kolibri1 ricursive
  `
    .trim()
    .split(/\s+/),
);
