import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
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

  static async create(): Promise<HostProject> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'alcove-host-')));
    const project = new HostProject(folder);
    await project.write('package.json', JSON.stringify(PACKAGE));
    const packing = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
    const { stdout } = await run('npm', packing, { cwd: ROOT });
    // Offline: the package has no dependencies, so nothing is asked of a registry.
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', stdout.trim()], { cwd: folder });
    return project;
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}
