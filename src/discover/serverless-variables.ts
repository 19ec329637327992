import type { Gap } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { oneOf, template } from './cloudformation-values.ts';
import type { DocNode } from './document-node.ts';
import type { ReadContext } from './reader.ts';
import { composeParameter } from './serverless-compose.ts';
import { aroundMarks, hasMark, NodeFactory } from './serverless-nodes.ts';
import { constructValue } from './serverless-constructs.ts';

import { sourcesOf, splitVariables } from './serverless-scan.ts';
import type { VariableSource } from './serverless-scan.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

const maximumDepth = 40;
const maximumSteps = 200_000;
const maximumWeight = 300_000;
const maximumAlternatives = 20;

/**
 * Resolves the variables of one service (Serverless Framework documentation, "Variables", v3): `self`, `file` (YAML and
 * JSON inside the repository), `opt`, `env`, `param`, `sls`, `aws`, `cf`, `ssm`, `s3`, `strToBool`, lift's `construct`, nested and with
 * fallbacks. Nothing is run and no environment is read: what only a deployment knows stays symbolic. Cycles, depth and
 * work are bounded; what is beyond a bound is unknown, with a gap.
 */
export class ServiceVariables {
  readonly #root: DocNode;
  readonly #file: string;
  readonly #context: ReadContext;
  readonly #nodes: NodeFactory;
  readonly #running = new Set<DocNode>();
  readonly #values = new Map<DocNode, DocNode>();
  readonly #deep = new Map<DocNode, DocNode>();
  #steps = 0;

  constructor(file: string, root: DocNode, context: ReadContext, nodes: NodeFactory) {
    this.#file = file;
    this.#root = root;
    this.#context = context;
    this.#nodes = nodes;
  }

  /** A node with every variable in it resolved. Included files keep their own places. */
  resolve(node: DocNode | undefined): DocNode | undefined {
    return node === undefined ? undefined : this.#all(node, 0);
  }

  /** The node at a path of the service, its own variables resolved but not those below it. */
  at(...path: readonly string[]): DocNode | undefined {
    return this.#walk(this.#root, path, 0);
  }

  #all(node: DocNode, depth: number): DocNode {
    const known = this.#deep.get(node);
    if (known !== undefined) return known;
    if (depth > maximumDepth || this.#steps > maximumSteps) return this.#unknown('variables nest too deeply', node.location);
    if (this.#running.has(node) && node.kind !== 'scalar') return this.#unknown('cyclic variables', node.location);
    let result = this.#value(node, depth);
    this.#steps++;
    if (result.kind !== 'scalar') {
      const whole = result;
      this.#running.add(node);
      this.#running.add(whole);
      result = this.#children(whole, depth);
      this.#running.delete(node);
      this.#running.delete(whole);
      if (result.weight > maximumWeight) result = this.#unknown('variables expand to too much', node.location);
    }
    this.#deep.set(node, result);
    return result;
  }

  #children(node: DocNode, depth: number): DocNode {
    if (node.kind === 'list') return this.#nodes.list(node.items.map((item) => this.#all(item, depth + 1)), node.location);
    const entries = new Map<string, DocNode>();
    const places = new Map<string, Location>();
    for (const [key, child] of node.entries) {
      const name = key.includes('${') ? this.#text(key, node.keyLocation(key), depth + 1) : key;
      entries.set(name, this.#all(child, depth + 1));
      places.set(name, node.keyLocation(key));
    }
    return this.#nodes.map(entries, node.location, (key) => places.get(key) ?? node.location);
  }

  /** The node itself, or what the variable that it consists of stands for. */
  #value(node: DocNode, depth: number): DocNode {
    if (node.kind !== 'scalar' || typeof node.scalar !== 'string' || !node.scalar.includes('${')) return node;
    const known = this.#values.get(node);
    if (known !== undefined) return known;
    if (this.#running.has(node)) return this.#unknown('cyclic variables', node.location);
    this.#running.add(node);
    const result = this.#expand(node.scalar, node.location, depth);
    this.#running.delete(node);
    this.#values.set(node, result);
    return result;
  }

  #expand(text: string, at: Location, depth: number): DocNode {
    const parts = splitVariables(text);
    if (parts === undefined || depth > maximumDepth || ++this.#steps > maximumSteps) return this.#unknown('variables nest too deeply', at);
    const [only] = parts;
    if (parts.length === 1 && only !== undefined && 'variable' in only) {
      const value = this.#variable(only.variable, at, depth + 1) ?? this.#unknown(`no value for \${${only.variable.slice(0, 100)}}`, at);
      // The place of a scalar is where it is used, not where its text came from.
      return value.kind === 'scalar' ? this.#nodes.scalar(value.scalar, at) : value;
    }
    return this.#nodes.scalar(parts.map((part) => ('text' in part ? part.text : this.#insert(part.variable, at, depth + 1))).join(''), at);
  }

  #insert(variable: string, at: Location, depth: number): string {
    const value = this.#variable(variable, at, depth);
    if (value === undefined) return this.#nodes.mark(unknown(`no value for \${${variable.slice(0, 100)}}`));
    return value.kind === 'scalar' ? (value.scalar === null ? '' : String(value.scalar)) : this.#nodes.mark(unknown('a list or map inside a text'));
  }

  #text(text: string, at: Location, depth: number): string {
    const value = this.#expand(text, at, depth);
    return value.kind === 'scalar' ? String(value.scalar ?? '') : this.#nodes.mark(unknown('a list or map inside a text'));
  }

  #variable(variable: string, at: Location, depth: number): DocNode | undefined {
    let symbolic: DocNode | undefined;
    for (const source of sourcesOf(variable)) {
      const value = this.#source(source, at, depth + 1);
      if (value === undefined) continue;
      if (!('assumed' in value)) return value.node;
      // Not known here: a later fallback with a value is what a plain deployment gets.
      symbolic ??= value.node;
    }
    return symbolic;
  }

  #source(source: VariableSource, at: Location, depth: number): { readonly node: DocNode; readonly assumed?: true } | undefined {
    if (source.kind === 'literal') return { node: this.#nodes.scalar(source.value, at) };
    if (source.kind === 'nested') return { node: this.#expand(source.text, at, depth) };
    if (source.kind === 'invalid') return undefined;
    const address = source.address === undefined ? undefined : this.#text(source.address, at, depth);
    const parameter = source.parameter === undefined ? undefined : this.#text(source.parameter, at, depth);
    const symbol = (name: string): { node: DocNode } => ({ node: this.#nodes.symbol({ kind: 'env', name }, at) });
    const given = (text: string | undefined): { node: DocNode } | undefined => (text === undefined ? undefined : { node: this.#nodes.scalar(text, at) });
    switch (source.type) {
      case 'self': {
        const found = wrap(address === undefined || address === '' ? this.#root : this.#walk(this.#root, steps(address), depth));
        // What the framework fills in when the provider does not say.
        const filled = address === 'provider.region' ? 'AWS::Region' : address === 'provider.stage' ? 'sls:stage' : undefined;
        if (found !== undefined || filled === undefined) return found;
        return (filled === 'sls:stage' ? given(this.#context.stage) : undefined) ?? { ...symbol(filled), assumed: true };
      }
      case 'file': return wrap(this.#fileValue(parameter ?? '', address, at, depth));
      case 'opt':
        if (address === 'stage') return given(this.#context.stage) ?? { ...symbol('sls:stage'), assumed: true };
        return given(this.#context.params.get(`opt:${address ?? ''}`)) ?? { ...symbol(address === 'region' ? 'AWS::Region' : `opt:${address ?? ''}`), assumed: true };
      case 'env': return { ...symbol(`env:${address ?? ''}`), assumed: true };
      case 'param': return this.#parameter(address ?? '', at, depth) ?? { ...symbol(`param:${address ?? ''}`), assumed: true };
      case 'sls': return address === 'stage' ? { node: this.#stage(at, depth) } : symbol(`sls:${address ?? ''}`);
      case 'aws':
        // Version 4 also writes `aws:ssm:…` and `aws:cf:…`.
        if (address?.startsWith('ssm:') === true) return this.#published('parameter', address.slice(4), at);
        if (address?.startsWith('cf:') === true) return this.#published('stackOutput', address.slice(3), at);
        return symbol(address === 'region' ? 'AWS::Region' : address === 'accountId' ? 'AWS::AccountId' : `aws:${address ?? ''}`);
      case 'strToBool': {
        const text = parameter?.trim().toLowerCase();
        return text === 'true' || text === '1' ? { node: this.#nodes.scalar(true, at) } : text === 'false' || text === '0' ? { node: this.#nodes.scalar(false, at) } : symbol('strToBool');
      }
      case 'cf': return this.#published('stackOutput', address, at);
      case 'ssm': {
        const secret = '/aws/reference/secretsmanager/';
        const name = address?.replace(/~(?:true|false|split)$/, '');
        return name?.startsWith(secret) === true ? this.#published('secret', name.slice(secret.length), at) : this.#published('parameter', name, at);
      }
      case 'construct': {
        const [id = '', property = ''] = (address ?? '').split('.', 2);
        return { node: this.#nodes.symbol(constructValue(this.#file, id, property), at) };
      }
      default: return symbol(`${source.type}${parameter === undefined ? '' : `(${parameter})`}:${address ?? ''}`.slice(0, 500));
    }
  }

  /** A value that another stack, parameter or secret holds. */
  #published(what: string, name: string | undefined, at: Location): { readonly node: DocNode } {
    return { node: this.#nodes.symbol({ kind: 'derived', what, from: [this.#nodes.text(name ?? '')], io: false }, at) };
  }

  /** `--stage`, else what the provider states, else symbolic. */
  #stage(at: Location, depth: number): DocNode {
    if (this.#context.stage !== undefined) return this.#nodes.scalar(this.#context.stage, at);
    const declared = this.#walk(this.#root, ['provider', 'stage'], depth);
    return declared?.kind === 'scalar' && declared.scalar !== null ? declared : this.#nodes.symbol({ kind: 'env', name: 'sls:stage' }, at);
  }

  #parameter(name: string, at: Location, depth: number): { readonly node: DocNode } | undefined {
    const given = this.#context.params.get(name);
    if (given !== undefined) return { node: this.#nodes.scalar(given, at) };
    const stage = this.#stage(at, depth).text();
    const sections = [['stages', stage ?? '', 'params', name], ['stages', 'default', 'params', name], ['params', stage ?? '', name], ['params', 'default', name]];
    for (const path of sections) {
      const found = this.#walk(this.#root, path, depth);
      if (found !== undefined) return { node: found };
    }
    const handed = composeParameter(this.#context, this.#file, name, (file, root) => stackNameOf(file, root, this.#context));
    return handed === undefined ? undefined : { node: this.#nodes.symbol(handed, at) };
  }

  /** Follows a path, resolving each node on the way; a step that is not known gives all that it may be. */
  #walk(from: DocNode, path: readonly string[], depth: number): DocNode | undefined {
    let node: DocNode | undefined = this.#value(from, depth);
    for (const [index, step] of path.entries()) {
      if (node === undefined || depth > maximumDepth) return undefined;
      if (node.kind === 'scalar') return typeof node.scalar === 'string' && hasMark(node.scalar) ? node : undefined;
      if (hasMark(step)) {
        const { head, tail } = aroundMarks(step);
        const fits = [...node.entries].filter(([key]) => key.startsWith(head) && key.endsWith(tail) && key.length >= head.length + tail.length).slice(0, maximumAlternatives);
        const rest = path.slice(index + 1);
        return this.#union(fits.map(([, child]) => this.#walk(child, rest, depth + 1)).filter((child) => child !== undefined), from.location, depth);
      }
      const child: DocNode | undefined = node.kind === 'list' ? node.items[Number(step)] : node.entries.get(step);
      node = child === undefined ? undefined : this.#value(child, depth + 1);
    }
    return node;
  }

  /** One of several nodes: texts become alternatives, maps are united key by key. */
  #union(options: readonly DocNode[], at: Location, depth: number): DocNode | undefined {
    const [first] = options;
    if (first === undefined || options.length === 1) return first;
    if (depth > maximumDepth || ++this.#steps > maximumSteps) return this.#unknown('variables nest too deeply', at);
    const whole = options.map((option) => this.#value(option, depth));
    if (whole.every((option) => option.kind === 'scalar')) {
      const values = whole.map((option): Value => (typeof option.scalar === 'string' ? this.#nodes.text(option.scalar) : { kind: 'literal', value: option.scalar }));
      return this.#nodes.symbol(oneOf(values), at);
    }
    if (!whole.every((option) => option.kind === 'map')) return this.#nodes.symbol(unknown('differs by stage'), at);
    const keys = new Set(whole.flatMap((option) => [...option.entries.keys()]));
    const entries = new Map<string, DocNode>();
    for (const key of keys) {
      const united = this.#union(whole.map((option) => option.entries.get(key)).filter((child) => child !== undefined), at, depth + 1);
      if (united !== undefined) entries.set(key, united);
    }
    return this.#nodes.map(entries, at, (key) => whole.find((option) => option.entries.has(key))?.keyLocation(key) ?? at);
  }

  #fileValue(path: string, address: string | undefined, at: Location, depth: number): DocNode | undefined {
    const file = path.startsWith('/') || path.startsWith('~') ? undefined : joinInRoot(folderOf(this.#file), path);
    if (file === undefined) {
      this.#gap('variable', `file(${path.slice(0, 100)}) lies outside the repository`, at);
      return this.#unknown('a file outside the repository', at);
    }
    const files = hasMark(file) ? this.#filesLike(file) : [file];
    const found: DocNode[] = [];
    for (const one of files) {
      if (!/\.(?:ya?ml|json)$/.test(one)) {
        if (!this.#context.workspace.has(one)) continue;
        if (!/\.[cm]?[jt]s$/.test(one)) return this.#nodes.scalar(this.#context.workspace.read(one) ?? null, at);
        const exported = exportedObject(one, this.#context);
        if (exported !== undefined) {
          this.#context.used(one);
          const value = this.#walk(this.#nodes.fromValue(exported, at), address === undefined || address === '' ? [] : steps(address), depth + 1);
          if (value !== undefined) found.push(value);
          else if (exported.kind === 'object' && exported.open) found.push(this.#unknown('computed by a program', at));
          continue;
        }
        this.#gap('variable', `${one} is a program: its value is not known`, at);
        found.push(this.#unknown('computed by a program', at));
        continue;
      }
      const document = this.#context.document(one, { version: '1.2' });
      const root = document?.roots[0];
      if (document === undefined || root === undefined) continue;
      this.#context.used(one);
      const value = address === undefined || address === '' ? this.#value(root, depth) : this.#walk(root, steps(address), depth + 1);
      if (value !== undefined) found.push(value);
    }
    return this.#union(found, at, depth);
  }

  /** Files of one folder whose names fit a name that is known in part. */
  #filesLike(file: string): string[] {
    const { head, tail } = aroundMarks(file);
    return this.#context.workspace.files
      .filter((one) => one.length >= head.length + tail.length && one.startsWith(head) && one.endsWith(tail) && !one.slice(head.length, one.length - tail.length).includes('/'))
      .slice(0, maximumAlternatives);
  }

  #unknown(reason: string, at: Location): DocNode {
    if (reason.startsWith('cyclic') || reason.startsWith('variables')) this.#gap('variable', reason, at);
    return this.#nodes.symbol(unknown(reason), at);
  }

  #gap(kind: Gap['kind'], message: string, at: Location): void {
    this.#context.gap({ kind, file: at.file, line: at.line, message });
  }
}

/** Services whose stack names are being worked out: composed services may hand parameters to each other. */
const naming = new WeakMap<ReadContext, Set<string>>();

/** Stack name of another service, by its own settings. */
function stackNameOf(file: string, root: DocNode, context: ReadContext): Value | undefined {
  const running = naming.get(context) ?? new Set<string>();
  naming.set(context, running);
  if (running.has(file)) return undefined;
  running.add(file);
  const nodes = new NodeFactory(file);
  const variables = new ServiceVariables(file, root, context, nodes);
  const text = (...path: string[]): Value | undefined => {
    const found = variables.resolve(variables.at(...path))?.text();
    return found === undefined ? undefined : nodes.text(found);
  };
  const stage: Value = context.stage === undefined ? text('provider', 'stage') ?? { kind: 'env', name: 'sls:stage' } : { kind: 'literal', value: context.stage };
  const name = text('service') ?? text('service', 'name');
  const stack = text('provider', 'stackName') ?? (name && template([name, { kind: 'literal', value: '-' }, stage]));
  running.delete(file);
  return stack;
}

/** The object that a program exports, as far as the evaluator can tell without running it. */
export function exportedObject(file: string, context: Pick<ReadContext, 'evaluateExport'>): Value | undefined {
  for (const name of ['default', 'module.exports', '=']) {
    const value = context.evaluateExport?.(file, name);
    if (value?.kind === 'object') return value;
  }
  return undefined;
}

function wrap(node: DocNode | undefined): { readonly node: DocNode } | undefined {
  // An empty value counts as missing: the fallback applies.
  return node === undefined || (node.kind === 'scalar' && node.scalar === null) ? undefined : { node };
}

function steps(address: string): string[] {
  return address.split('.').map((step) => step.trim()).slice(0, 50);
}
