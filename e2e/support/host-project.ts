import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Parcel reads no exports of a package without this setting. */
const PACKAGE = { name: 'host', private: true, type: 'module', '@parcel/resolver-default': { packageExports: true } };

/** Another site's project, with the packed package installed as npm does it. */
export class HostProject {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** With the package alone, which needs no registry since it has no dependencies. */
  static async create(): Promise<HostProject> {
    const project = new HostProject(await makeFolder());
    await writeFile(join(project.folder, 'package.json'), JSON.stringify(PACKAGE));
    const tarball = await pack(project.folder);
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: project.folder });
    return project;
  }

  /** An example as it is, with what its package.json asks for from the registry. */
  static async install(example: string): Promise<HostProject> {
    const project = new HostProject(await makeFolder());
    await cp(join(ROOT, 'examples', example), project.folder, { recursive: true });
    await useToy(project.folder);
    const tarball = await pack(project.folder);
    await run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: project.folder });
    return project;
  }

  /** Puts examples into folders of the project. */
  async addExamples(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await cp(join(ROOT, 'examples', name), join(this.folder, name), { recursive: true });
      await useToy(join(this.folder, name));
    }
  }

  /** Gives the project a dependency of this repository's, as it is installed here. */
  async link(...names: readonly string[]): Promise<void> {
    for (const name of names)
      await symlink(join(ROOT, 'node_modules', name), join(this.folder, 'node_modules', name), 'dir');
  }

  /** Runs one of its scripts, with a Node that every framework supports: Astro 7 wants more than this repository does. */
  async run(script: string): Promise<void> {
    const isOld = Number.parseInt(process.versions.node, 10) < 22;
    const node22 = isOld ? ['exec', '--yes', '--package=node@22', '--', 'npm'] : [];
    await run('npm', [...node22, 'run', script], { cwd: this.folder, maxBuffer: 2 ** 26 });
  }

  /** What is installed, such as `vite 8.3.8`. */
  async versions(): Promise<readonly string[]> {
    const { stdout } = await run('npm', ['ls', '--json', '--depth=0'], { cwd: this.folder });
    const { dependencies } = JSON.parse(stdout) as { dependencies: Record<string, { version?: string }> };
    return Object.entries(dependencies).flatMap(([name, { version }]) => (version ? `${name} ${version}` : []));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}

async function makeFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'alcove-host-')));
}

/** @returns the name of the file in the folder */
async function pack(folder: string): Promise<string> {
  const packing = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const { stdout } = await run('npm', packing, { cwd: ROOT });
  return `./${stdout.trim()}`;
}

/** The examples name a model of 386 MB. */
async function useToy(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'package.json') continue;
    const file = join(entry.parentPath, entry.name);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replaceAll('SmolLM2-360M-Instruct-Q8_0-GGUF', 'toy-f32-GGUF'));
  }
}
