"""llama.cpp's own server on a free port, until its standard input ends. Says its address in the first line."""

import json
import sys

import xllamacpp

options = json.loads(sys.argv[1])
params = xllamacpp.CommonParams()
params.model.path = options["model"]
params.n_ctx = options["contextWindow"]
params.n_parallel = 1
params.cpuparams.n_threads = 1
if "key" in options:
    params.api_keys = [options["key"]]
if "template" in options:
    params.chat_template = options["template"]
if "projector" in options:
    params.mmproj.path = options["projector"]
server = xllamacpp.Server(params)
print("listening " + server.listening_address, flush=True)
sys.stdin.read()
