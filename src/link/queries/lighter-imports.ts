import { lighterPart } from '../../catalog/heavy-imports.ts';
import type { DeclareStmt, ImportFact, ModuleFacts, Stmt } from '../../model/facts.ts';
import type { TextRange } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Edit, Suggestion } from '../../model/suggestion.ts';
import { referencesTo, takenNames, typeNames, type Reference } from './references.ts';
import { walk } from '../walk.ts';

/** What a module takes from one import: names of the package with the names that the file gives them. */
interface Taken {
  readonly imported: string;
  readonly local: string;
  readonly binding: number;
}

/** An import at the top of a module with what declares its names: the statement itself, or the declarator of a `require`. */
interface Site {
  readonly facts: ModuleFacts;
  readonly fact: ImportFact;
  readonly declarator: DeclareStmt | undefined;
  readonly names: readonly Taken[];
}

/** Ways to make a heavy import lighter without changing what the code does: parts in place of the whole, or loading where it is needed. */
export function lighterImports(view: FunctionView, one: { readonly file: string; readonly fact: ImportFact }): readonly Suggestion[] {
  const facts = view.project.facts(one.file);
  const site = facts && siteOf(facts, one.fact);
  if (!site) return [];
  // Types that go by these names stay behind when the import changes.
  const types = typeNames(site.facts);
  if (site.names.some(({ local }) => types.has(local)) || site.facts.exports.some((item) => item.binding !== undefined && site.names.some(({ binding }) => binding === item.binding))) return [];
  const parts = partsOf(site);
  const late = lateOf(site);
  return [...(parts ? [parts] : []), ...(late ? [late] : [])];
}

function siteOf(facts: ModuleFacts, fact: ImportFact): Site | undefined {
  if (fact.fn !== 0 || fact.typeOnly) return undefined;
  if (fact.form === 'static') {
    if (fact.names.length === 0 || fact.names.some((name) => name.typeOnly)) return undefined;
    return { facts, fact, declarator: undefined, names: fact.names.map(({ imported, binding }) => ({ imported, binding, local: facts.bindings[binding]?.name ?? '' })) };
  }
  if (fact.form !== 'require') return undefined;
  const declarator = facts.functions[0]?.body.find((stmt): stmt is DeclareStmt => stmt.kind === 'declare' && stmt.value?.kind === 'import' && stmt.value.start === fact.start);
  const target = declarator?.target;
  const name = (binding: number): string => facts.bindings[binding]?.name ?? '';
  if (!declarator || declarator.form === 'using' || declarator.form === 'await using') return undefined;
  if (target?.kind === 'ref') return { facts, fact, declarator, names: [{ imported: '*', binding: target.binding, local: name(target.binding) }] };
  if (target?.kind !== 'pattern') return undefined;
  const names: Taken[] = [];
  for (const { path, target: to, default: fallback } of target.elements) {
    const [imported] = path;
    if (path.length !== 1 || imported === undefined || imported === '...' || imported === '*' || to.kind !== 'ref' || fallback) return undefined;
    names.push({ imported, binding: to.binding, local: name(to.binding) });
  }
  return names.length > 0 ? { facts, fact, declarator, names } : undefined;
}

/** One import for each part that is used: `import get from 'lodash/get'`. */
function partsOf(site: Site): Suggestion | undefined {
  const { facts, fact, declarator, names } = site;
  const wanted = new Map<string, string>();
  const edits: Edit[] = [];
  const taken = takenNames(facts);
  for (const { imported, local, binding } of names) {
    if (imported !== '*' && imported !== 'default') {
      if (wanted.has(imported)) return undefined;
      wanted.set(imported, local);
      continue;
    }
    // The whole under one name: every mention has to be a part of it.
    for (const { ref, parent } of referencesTo(facts, new Set([binding]))) {
      if (parent?.kind !== 'member' || parent.object !== ref || typeof parent.property !== 'string') return undefined;
      const known = wanted.get(parent.property) ?? freeName(parent.property, taken);
      if (known === undefined) return undefined;
      wanted.set(parent.property, known);
      edits.push({ kind: 'replace', start: parent.start, end: parent.end, text: [known] });
    }
  }
  const lines: string[] = [];
  for (const [imported, local] of [...wanted].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const part = lighterPart(fact.source, imported);
    // What `require` gives of a module that is its function by default depends on the version.
    if (part === undefined || (declarator && part.byDefault)) return undefined;
    // Node.js itself wants the file's full name in an ES module; TypeScript and `require` do not.
    const from = declarator || /\.[cm]?tsx?$/.test(facts.file) || !part.file ? part.source : `${part.source}.js`;
    const member = part.named ? (declarator ? `{ ${imported === local ? local : `${imported}: ${local}`} }` : `{ ${imported === local ? local : `${imported} as ${local}`} }`) : local;
    lines.push(declarator ? `${member} = require('${from}')` : `import ${member} from '${from}';`);
  }
  if (lines.length === 0) return undefined;
  const range = declarator ?? fact;
  return { title: `Import ${wanted.size === 1 ? 'the part that is used' : `the ${wanted.size} parts that are used`}`, edits: [{ kind: 'replace', start: range.start, end: range.end, text: [lines.join(declarator ? ', ' : '\n')] }, ...edits] };
}

function freeName(name: string, taken: ReadonlySet<string>): string | undefined {
  if (!/^[A-Za-z]\w*$/.test(name)) return undefined;
  return [name, `the${name.charAt(0).toUpperCase()}${name.slice(1)}`].find((one) => !taken.has(one));
}

/** Loading it on the one way through the code that needs it. */
function lateOf({ facts, fact, declarator, names }: Site): Suggestion | undefined {
  const uses = referencesTo(facts, new Set(names.map(({ binding }) => binding)));
  const place = uses.length === 0 ? undefined : branchOf(facts, uses, declarator === undefined);
  const [first] = place ?? [];
  if (!first) return undefined;
  const text = declarator ? [declarator.form, ' ', { start: declarator.start, end: declarator.end }, ';'] : [`const ${patternOf(names)} = await import('${fact.source}');`];
  const range = declarator ?? fact;
  return { title: 'Load it where it is needed', edits: [{ kind: 'drop', start: range.start, end: range.end }, { kind: 'before', at: first.start, text }] };
}

function patternOf(names: readonly Taken[]): string {
  const [only] = names;
  if (names.length === 1 && only?.imported === '*') return only.local;
  return `{ ${names.map(({ imported, local }) => (imported === local ? local : `${imported}: ${local}`)).join(', ')} }`;
}

/** The innermost branch of an `if` or `switch` that holds all mentions, in a function that may wait where it has to. */
function branchOf(facts: ModuleFacts, uses: readonly Reference[], waits: boolean): readonly Stmt[] | undefined {
  const within = ({ start, end }: TextRange): boolean => uses.every(({ ref }) => ref.start >= start && ref.end <= end);
  let found: readonly Stmt[] | undefined;
  const size = (list: readonly Stmt[]): number => (list.at(-1)?.end ?? 0) - (list[0]?.start ?? 0);
  for (const fn of facts.functions) {
    if (fn.id === 0 || (waits && !fn.async) || fn.kind === 'constructor' || !within(fn)) continue;
    walk(fn.body, (item) => {
      const lists = item.kind === 'if' ? [item.then, item.else] : item.kind === 'switch' ? item.cases.map((one) => one.body) : [];
      for (const list of lists) {
        const [first] = list;
        const last = list.at(-1);
        if (first && last && within({ start: first.start, end: last.end }) && (found === undefined || size(list) < size(found))) found = list;
      }
    });
  }
  return found;
}
