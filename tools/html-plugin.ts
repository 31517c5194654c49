import type { Plugin } from 'vite';

/** A part of a syntax tree, as the bundler's parser makes it. */
interface SyntaxNode {
  readonly type?: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/**
 * Puts a space in the place of each line break and its indentation in the templates of components, which minifiers of
 * JavaScript leave alone because they are text.
 */
export function htmlPlugin(): Plugin {
  return {
    name: 'alcove-html',
    apply: 'build',
    transform(code, id) {
      if (!id.endsWith('.ts') || !code.includes('html`')) return undefined;
      let shortened = '';
      let at = 0;
      for (const { start, end } of templateTexts(this.parse(code))) {
        shortened += code.slice(at, start) + shortenHtml(code.slice(start, end));
        at = end;
      }
      return { code: shortened + code.slice(at), map: null };
    },
  };
}

/** No template of ours is in an element that shows line breaks. */
export function shortenHtml(text: string): string {
  return text.replace(/\n\s*/g, ' ');
}

/** The texts between the expressions of `html` templates, first to last. */
function templateTexts(tree: unknown): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const visit = (value: unknown, isHtml: boolean): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as SyntaxNode;
    if (isHtml && node.type === 'TemplateElement') found.push(node);
    const tag = node['tag'] as SyntaxNode | undefined;
    const isTagged = node.type === 'TaggedTemplateExpression' && tag?.['name'] === 'html';
    const isTemplate = isTagged || (isHtml && (node.type === 'TemplateLiteral' || Array.isArray(value)));
    for (const [key, child] of Object.entries(value)) visit(child, isTemplate && key !== 'expressions');
  };
  visit(tree, false);
  return found.sort((a, b) => a.start - b.start);
}
