/** Installs a Chromium for the tests where none is found. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from './find-chromium.ts';

export function ensureBrowser(): void {
  if (findChromium() !== undefined) return;
  const mayUseApt = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
  const commands = mayUseApt
    ? [
        ['apt-get', 'update'],
        ['apt-get', 'install', '--yes', '--no-install-recommends', 'chromium'],
      ]
    : [['npx', 'playwright', 'install', 'chromium']];
  for (const [command = '', ...args] of commands) {
    console.log(`No Chromium found: ${command} ${args.join(' ')}`);
    const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
    if (status !== 0) throw new Error('No Chromium, and none could be installed: set ALCOVE_CHROMIUM to one.');
  }
  if (findChromium() === undefined) throw new Error('Chromium was installed, but is not where it is looked for.');
}

if (process.argv[1]?.endsWith('ensure-browser.ts')) ensureBrowser();
