import { readdir, readFile } from 'node:fs/promises';
import { build } from 'vite';
import { BenchServer } from './bench-server.ts';
import { flushDisk } from './browser.ts';
import type { Row } from './row.ts';

/** One benchmark: each file in bench/ exports one as `benchmark`. */
export type Benchmark = (bench: Workbench) => Promise<readonly Row[]>;

/** What every benchmark uses: the server, the built pages and the number of rounds. */
export class Workbench {
  readonly server: BenchServer;
  readonly rounds: number;

  private constructor(server: BenchServer, rounds: number) {
    this.server = server;
    this.rounds = rounds;
  }

  static async start(rounds: number): Promise<Workbench> {
    await build({ configFile: path('bench/vite.config.ts') });
    const server = await BenchServer.start();
    server.addFolder('pages/', path('bench/results/pages/'));
    server.addFolder('app/', path('dist/'));
    return new Workbench(server, rounds);
  }

  /** Serves the toy model's files under a prefix, with `files` replaced or added. @returns the prefix as a URL */
  async serveToy(prefix: string, files: Readonly<Record<string, Buffer>> = {}): Promise<string> {
    const folder = path('public/models/toy/');
    for (const name of await readdir(folder)) {
      if (!name.endsWith('.gguf')) this.server.addFile(`${prefix}${name}`, await readFile(`${folder}${name}`));
    }
    for (const [name, bytes] of Object.entries(files)) this.server.addFile(`${prefix}${name}`, bytes);
    return `${this.server.origin}/${prefix}`;
  }

  /**
   * Runs contenders in turn, A-B-A-B, each in a browser and a profile of its own.
   * @returns each contender's values, one per round
   */
  async interleave<Name extends string>(
    contenders: Readonly<Record<Name, () => Promise<number>>>,
  ): Promise<Record<Name, number[]>> {
    const names = Object.keys(contenders) as Name[];
    const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
    // The first round warms up (a virtual machine allocates memory at the first access) and does not count.
    for (let round = -1; round < this.rounds; round++) {
      for (const name of names) {
        flushDisk();
        const value = await contenders[name]();
        if (round >= 0) values[name].push(value);
        this.say(`${round < 0 ? 'warm-up' : `round ${round + 1}`} ${name}: ${value.toPrecision(4)}`);
      }
    }
    return values;
  }

  say(text: string): void {
    process.stderr.write(`  ${text}\n`);
  }

  async close(): Promise<void> {
    await this.server.close();
  }
}

function path(name: string): string {
  return new URL(`../../${name}`, import.meta.url).pathname;
}
