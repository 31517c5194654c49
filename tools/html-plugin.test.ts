import { parseAst } from 'vite';
import { expect, it } from 'vitest';
import { htmlPlugin } from './html-plugin.ts';

/** A module as the build transforms it. */
function transformed(code: string): string {
  const { transform } = htmlPlugin() as { transform: (this: unknown, code: string, id: string) => { code: string } };
  return transform.call({ parse: parseAst }, code, 'view.ts').code;
}

it('removes indentation from templates and what is nested in them, and leaves other text alone', () => {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: code of a module.
  const code = 'const a = html`<p\n    class=${b}>\n  ${c ? html`<b>\n</b>` : `x\n  y`}\n</p>`;\nconst d = `e\n  f`;';
  expect(transformed(code)).toBe(
    'const a = html`<p class=${b}> ${c ? html`<b> </b>` : `x\n  y`} </p>`;\nconst d = `e\n  f`;',
  );
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: code of a module.
});
