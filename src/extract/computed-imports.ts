import type { Node } from './estree.ts';
import { anyChildren, child, endOf, flag, list, nodes, raw, startOf, text, unwrap } from './estree.ts';
import { refusal } from './admission.ts';
import { parseTree } from './parse.ts';

type Range = readonly [start: number, end: number];

/**
 * An expression that says what a `require(…)` or `import(…)` loads and that is no plain text. A bundler may take it for the
 * names of many files (esbuild 0.28, source read 2026-11: sums and templates that begin with `./` or `../`).
 */
export interface ComputedImport {
  readonly form: 'require' | 'import';
  /** The call, where the expression is all that is handed over and a bundler would follow it; offsets in the text. */
  readonly call?: Range;
  readonly argument: Range;
  /** Parts in order, `undefined` for what is not known; only where a bundler would follow the expression. */
  readonly pieces?: readonly (string | undefined)[];
  /** Import attributes as written. */
  readonly options?: Range;
}

/** Functions that a name is looked up in, from the inside out. */
interface Scope {
  readonly parent?: Scope;
  /** A name `require` of the module's own stands here. */
  own: boolean;
}

/** Expressions of computed names in one module, an outer one before those inside it; `undefined` when it cannot be parsed. */
export function computedImports(file: string, code: string, lang: 'jsx' | 'ts' | 'tsx'): readonly ComputedImport[] | undefined {
  const program = refusal(code) === undefined ? parseTree(file, code, lang) : undefined;
  if (program === undefined) return undefined;
  const found: { readonly item: ComputedImport; readonly scope: Scope }[] = [];
  const open: { readonly node: Node; readonly scope: Scope }[] = [{ node: program, scope: { own: false } }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { node } = at;
    const scope = isFunction(node) ? { parent: at.scope, own: false } : at.scope;
    if (declares(node)) (node.type === 'FunctionDeclaration' ? at.scope : scope).own = true;
    if (isFunction(node) && nodes(node, 'params').some(namesRequire)) scope.own = true;
    for (const item of computedOf(node)) found.push({ item, scope });
    const children = anyChildren(node);
    for (let index = children.length - 1; index >= 0; index--) {
      const next = children[index];
      if (next !== undefined) open.push({ node: next, scope });
    }
  }
  return found.map(({ item, scope }) => (item.form === 'require' && isOwn(scope) ? { form: item.form, argument: item.argument } : item));
}

const isFunction = (node: Node): boolean => node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';

function isOwn(scope: Scope | undefined): boolean {
  for (let at = scope; at !== undefined; at = at.parent) if (at.own) return true;
  return false;
}

function declares(node: Node): boolean {
  switch (node.type) {
    case 'VariableDeclarator': case 'FunctionDeclaration': case 'ClassDeclaration': case 'TSImportEqualsDeclaration': return has(child(node, 'id'));
    case 'ImportSpecifier': case 'ImportDefaultSpecifier': case 'ImportNamespaceSpecifier': return has(child(node, 'local'));
    case 'CatchClause': return has(child(node, 'param'));
    default: return false;
  }
}

const has = (node: Node | undefined): boolean => node !== undefined && namesRequire(node);

/** Whether a name or a text `require` stands anywhere in the node. */
function namesRequire(node: Node): boolean {
  const open = [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (isRequire(at)) return true;
    open.push(...anyChildren(at));
  }
  return false;
}

const isRequire = (node: Node): boolean => (node.type === 'Identifier' ? text(node, 'name') === 'require' : node.type === 'Literal' && text(node, 'value') === 'require');

/** Whether what is called may be `require` once it is simplified. What a call gives back is not known, but for a function that is called where it is written. */
function mayLoad(callee: Node): boolean {
  const open = [callee];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (isRequire(at)) return true;
    const called = at.type === 'CallExpression' ? child(at, 'callee') : undefined;
    if (called !== undefined) {
      const inner = unwrap(called);
      if (isFunction(inner) && namesRequire(inner)) return true;
    } else if (!isFunction(at)) open.push(...anyChildren(at));
  }
  return false;
}

function computedOf(node: Node): readonly ComputedImport[] {
  if (node.type === 'ImportExpression') {
    const source = child(node, 'source');
    const options = child(node, 'options');
    const isPlain = (raw(node, 'phase') ?? undefined) === undefined && (options === undefined || options.type === 'ObjectExpression');
    return source === undefined ? [] : parts('import', node, source, isPlain, options);
  }
  const callee = node.type === 'CallExpression' ? child(node, 'callee') : undefined;
  if (callee === undefined || !mayLoad(callee)) return [];
  const given = list(node, 'arguments');
  const isPlain = given.length === 1 && !flag(node, 'optional') && isLoader(callee);
  return given.flatMap((argument) => (argument === undefined || argument.type === 'SpreadElement' ? [] : parts('require', node, argument, isPlain, undefined)));
}

function isLoader(callee: Node): boolean {
  const name = unwrap(callee);
  return name.type === 'Identifier' && text(name, 'name') === 'require';
}

/** Of a choice each side is an import of its own; what is neither text, a name nor a member may become a sum when it is simplified. */
function parts(form: ComputedImport['form'], call: Node, argument: Node, isPlain: boolean, options: Node | undefined): readonly ComputedImport[] {
  const found: ComputedImport[] = [];
  const open = [argument];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const node = unwrap(at);
    const ends = { form, argument: [startOf(node), endOf(node)] as const };
    if (node.type === 'ConditionalExpression') {
      for (const side of [child(node, 'alternate'), child(node, 'consequent')]) if (side !== undefined) open.push(side);
    } else if (node.type === 'BinaryExpression' || node.type === 'TemplateLiteral') {
      const pieces = piecesOf(node);
      if (isPlain && pieces !== undefined && isSettled(pieces)) continue;
      const attributes = options === undefined ? {} : { options: [startOf(options), endOf(options)] as const };
      const whole = unwrap(argument) === node ? { call: [startOf(call), endOf(call)] as const } : {};
      found.push(isPlain && pieces !== undefined ? { ...ends, ...whole, pieces, ...attributes } : ends);
    } else if (node.type !== 'Literal' && node.type !== 'Identifier' && node.type !== 'MemberExpression') found.push(ends);
  }
  return found;
}

/** A text after all, or one that begins with the name of a package. */
function isSettled(pieces: readonly (string | undefined)[]): boolean {
  const unknown = pieces.indexOf(undefined);
  const known = pieces.slice(0, unknown < 0 ? pieces.length : unknown).join('');
  return unknown < 0 || (known !== '' && !known.startsWith('.'));
}

const MAX_PIECES = 1_000;

/** What a sum or a template is made of, if it begins with a text. */
function piecesOf(node: Node): readonly (string | undefined)[] | undefined {
  const pieces: (string | undefined)[] = [];
  // A sum nests to the left, so its chain is walked before its parts.
  const open: { readonly node: Node; readonly first: boolean }[] = [{ node, first: true }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const inner = unwrap(at.node);
    if (pieces.length + open.length > MAX_PIECES) return undefined;
    const [left, right] = inner.type === 'BinaryExpression' && text(inner, 'operator') === '+' ? [child(inner, 'left'), child(inner, 'right')] : [];
    if (inner.type === 'Literal' && text(inner, 'value') !== undefined) pieces.push(text(inner, 'value'));
    else if (inner.type === 'TemplateLiteral') {
      const quasis = nodes(inner, 'quasis').map(cooked);
      const values = nodes(inner, 'expressions');
      // A template of a template is rare: one level is looked into.
      quasis.forEach((quasi, index) => {
        pieces.push(quasi);
        const value = values[index];
        if (value !== undefined) pieces.push(...(isText(value) ? piecesOf(unwrap(value)) ?? [undefined] : [undefined]));
      });
    } else if (left !== undefined && right !== undefined && (at.first || isText(inner))) {
      open.push({ node: right, first: false }, { node: left, first: at.first });
    } else if (at.first) return undefined;
    else pieces.push(undefined);
  }
  return pieces;
}

const cooked = (quasi: Node): string | undefined => {
  const value = raw(quasi, 'value');
  return typeof value === 'object' && value !== null && 'cooked' in value && typeof value.cooked === 'string' ? value.cooked : undefined;
};

/** Whether a sum or template begins with a text: otherwise it is a number as likely, and nothing is known of it. */
function isText(node: Node): boolean {
  for (let at: Node | undefined = unwrap(node); at !== undefined;) {
    if (at.type === 'Literal') return text(at, 'value') !== undefined;
    if (at.type === 'TemplateLiteral') return true;
    if (at.type !== 'BinaryExpression' || text(at, 'operator') !== '+') return false;
    const left = child(at, 'left');
    at = left === undefined ? undefined : unwrap(left);
  }
  return false;
}
