/**
 * `npm run lockfile` completes package-lock.json after `npm install` has changed it.
 *
 * Packages with native code list one optional package per platform. npm leaves out those that a registry mirror lacks, and
 * `npm ci` then refuses the lock on every machine. This adds them by name and version, with the platform that their name
 * says, so that npm skips them on other platforms.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const LOCKFILE = fileURLToPath(new URL('../package-lock.json', import.meta.url));

/** The optional packages that the lock names but lacks, by their key in the lock. */
export function missingPackages(packages: LockedPackages): LockedPackages {
  const missing: Record<string, LockedPackage> = {};
  for (const [key, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (!isLocked(packages, key, name))
        missing[`node_modules/${name}`] = platformPackage(name, version, dev === true);
    }
  }
  return missing;
}

/** As Node does, looks for a package beside the one that needs it, then in each folder above. */
function isLocked(packages: LockedPackages, key: string, name: string): boolean {
  for (let base = key; ; base = base.slice(0, Math.max(0, base.lastIndexOf('node_modules/') - 1))) {
    if (`${base === '' ? '' : `${base}/`}node_modules/${name}` in packages) return true;
    if (base === '') return false;
  }
}

function platformPackage(name: string, version: string, dev: boolean): LockedPackage {
  if (!/^\d/.test(version)) throw new Error(`${name} is asked for as ${version}: its version must be looked up.`);
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const cpu = words.filter((word) => PROCESSORS.includes(word));
  const os = words.filter((word) => SYSTEMS.includes(word));
  const libc = os.includes('linux') ? words.flatMap(libcOf) : [];
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    ...(libc.length > 0 && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

function libcOf(word: string): string[] {
  if (word.startsWith('musl')) return ['musl'];
  return word.startsWith('gnu') ? ['glibc'] : [];
}

export function readLock(): { packages: LockedPackages } {
  return JSON.parse(readFileSync(LOCKFILE, 'utf8'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lock = readLock();
  const entries = Object.entries({ ...lock.packages, ...missingPackages(lock.packages) });
  const packages = Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(LOCKFILE, `${JSON.stringify({ ...lock, packages }, undefined, 2)}\n`);
}
