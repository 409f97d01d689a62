/** Finds everything a source file asks for: imports of every form, and files it names for workers and the like. */
import path from 'node:path';
import { parseAst } from 'vite';

type Node = Record<string, unknown>;

/** Written for what cannot be read from the source because it is put together at run time. */
export const COMPUTED = '(computed)';

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/**
 * @param file path, from which the dialect (ts or tsx) is taken
 * @returns the specifiers as written, type-only ones included; COMPUTED where there is no text to read
 */
export function specifiersOf(file: string, source: string): string[] {
  const found: string[] = [];
  visit(parseAst(source, { lang: file.endsWith('x') ? 'tsx' : 'ts' }), (node) => {
    const asked = askedFor(node);
    if (asked !== undefined) found.push(asked);
  });
  return found;
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see);
  } else if (isNode(value)) {
    if (typeof value['type'] === 'string') see(value);
    for (const child of Object.values(value)) visit(child, see);
  }
}

function askedFor(node: Node): string | undefined {
  switch (node['type']) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return textOf(node['source'] ?? node['argument']);
    case 'TSExternalModuleReference':
      return textOf(node['expression']);
    case 'CallExpression':
      return asksByCall(node) ? textOf(firstOf(node['arguments'])) : undefined;
    case 'NewExpression':
      return isNamed(node['callee'], 'URL') && Array.isArray(node['arguments']) && node['arguments'].length === 2
        ? literal(firstOf(node['arguments']))
        : undefined;
    default:
      return undefined;
  }
}

/** require(…), require.resolve(…), import.meta.glob(…), import.meta.resolve(…) */
function asksByCall(node: Node): boolean {
  const callee = node['callee'];
  if (isNamed(callee, 'require')) return true;
  if (!isNode(callee) || callee['type'] !== 'MemberExpression') return false;
  const { object, property } = callee;
  if (isNamed(object, 'require')) return isNamed(property, 'resolve');
  return isNode(object) && object['type'] === 'MetaProperty' && (isNamed(property, 'glob') || isNamed(property, 'resolve'));
}

const firstOf = (list: unknown): unknown => (Array.isArray(list) ? list[0] : undefined);
const isNamed = (node: unknown, name: string): boolean => isNode(node) && node['type'] === 'Identifier' && node['name'] === name;

const literal = (node: unknown): string | undefined =>
  isNode(node) && node['type'] === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined;

/** The text of a specifier, or the fixed beginning of a template. `undefined` for an export without a source. */
function textOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node['type'] === 'TSLiteralType') return textOf(node['literal']);
  if (node['type'] === 'TemplateLiteral') {
    const beginning = firstOf(node['quasis']);
    const value = isNode(beginning) ? beginning['value'] : undefined;
    const text = isNode(value) ? value['cooked'] : undefined;
    return typeof text === 'string' && text !== '' ? text : COMPUTED;
  }
  return literal(node) ?? COMPUTED;
}

const SUBPATHS = [
  ['#shared/', 'shared/src/'],
  ['#core/', 'client/core/'],
  ['#server/', 'server/src/'],
] as const;

/** What a specifier means: a path of ours from the root, or a package or Node module as written. */
export type Target = { readonly ours: string } | { readonly theirs: string };

/** @param from path of the importing file, from the root */
export function targetOf(from: string, specifier: string): Target {
  const plain = specifier.replace(/\?.*$/, '');
  for (const [subpath, folder] of SUBPATHS) {
    if (plain.startsWith(subpath)) return { ours: folder + plain.slice(subpath.length) };
  }
  if (plain.startsWith('.')) return { ours: path.posix.join(path.posix.dirname(from), plain) };
  // Vite reads a leading slash as the web client's own root.
  if (plain.startsWith('/') && from.startsWith('client/web/')) return { ours: path.posix.join('client/web', plain) };
  if (plain.startsWith('/') || plain.startsWith('file:')) return { ours: plain };
  return { theirs: plain };
}
