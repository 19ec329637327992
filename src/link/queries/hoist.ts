import type { Expr, FunctionFact, ModuleFacts, NewExpr, CallExpr } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Suggestion } from '../../model/suggestion.ts';
import { walk, type Item } from '../walk.ts';
import { referencesTo, takenNames } from './references.ts';

type Made = NewExpr | CallExpr;

/** Methods that end an object or may be called once in its life: it does not serve a second invocation as it is. */
const oneLife = /^(?:end|close|closeSync|destroy|quit|disconnect|\$disconnect|release|shutdown|terminate|dispose|connect|\$connect|open|init|initialize|login|logout|subscribe|on|once|use|middlewareStack)$/;

/**
 * Moving what a function makes to the top of its module: where all of it rests on names that are there by then, and nothing ends it. None
 * where the place is not in the file, or where it cannot be told.
 */
export function hoisted(view: FunctionView, place: SourcePlace): readonly Suggestion[] {
  const facts = view.project.facts(place.file);
  const found = facts && find(facts, place);
  if (!facts || !found) return [];
  const { made, fn, ancestors } = found;
  // The statement at the top of the module that the function stands in.
  const statement = facts.functions[0]?.body.find((stmt) => stmt.start <= place.start && stmt.end >= place.end);
  if (!statement || fn.id === 0 || !standsAlone(facts, made, statement.start)) return [];
  const taken = takenNames(facts);
  const parent = ancestors.at(-1);
  if (parent?.kind === 'declare' && parent.value === made && parent.target.kind === 'ref') {
    const { binding } = parent.target;
    const name = facts.bindings[binding]?.name ?? '';
    const others = facts.bindings.some((other, index) => index !== binding && other.name === name && other.fn === 0);
    if (parent.form !== 'const' || others || facts.globals.includes(name) || referencesTo(facts, new Set([binding])).some((use) => endsIt(use.parent, use.ref))) return [];
    return [{ title: `Make '${name}' once, outside of the handler`, edits: [{ kind: 'before', at: statement.start, text: ['const ', name, ' = ', made, ';'] }, { kind: 'drop', start: parent.start, end: parent.end }] }];
  }
  if (endsIt(parent, made)) return [];
  const name = nameFor(facts, made);
  if (name === undefined || taken.has(name)) return [];
  return [{ title: `Make '${name}' once, outside of the handler`, edits: [{ kind: 'before', at: statement.start, text: ['const ', name, ' = ', made, ';'] }, { kind: 'replace', start: made.start, end: made.end, text: [name] }] }];
}

function find(facts: ModuleFacts, place: SourcePlace): { readonly made: Made; readonly fn: FunctionFact; readonly ancestors: readonly Item[] } | undefined {
  for (const fn of facts.functions) {
    if (fn.start > place.start || fn.end < place.end) continue;
    let found: { readonly made: Made; readonly fn: FunctionFact; readonly ancestors: readonly Item[] } | undefined;
    walk(fn.body, (item, ancestors) => {
      if ((item.kind === 'new' || item.kind === 'call') && item.start === place.start && item.end === place.end) found = { made: item, fn, ancestors: [...ancestors] };
      return found === undefined;
    });
    if (found) return found;
  }
  return undefined;
}

/** Whether nothing in an expression belongs to the function around it, waits, or is worked out by calls. */
function standsAlone(facts: ModuleFacts, made: Made, before: number): boolean {
  let alone = true;
  walk([made], (item) => {
    switch (item.kind) {
      case 'ref': {
        const binding = facts.bindings[item.binding];
        // A constant further down is not there yet.
        if (!binding || binding.fn !== 0 || !(binding.kind === 'import' || binding.kind === 'function' || binding.kind === 'enum' || binding.end <= before) || binding.kind === 'let' || binding.kind === 'var') alone = false;
        break;
      }
      case 'call': if (item !== made && !(item.callee.kind === 'global' && /^(?:Number|String|Boolean|parseInt)$/.test(item.callee.name))) alone = false; break;
      case 'this': case 'super': case 'await': case 'yield': case 'function': case 'class': case 'assign': case 'opaque': case 'import': alone = false; break;
      default: break;
    }
    return alone;
  });
  return alone;
}

/** `client.end()`, `client.connect()`; handing it to somebody else may end it too, as far as `close(client)` says so. */
function endsIt(parent: Item | undefined, it: Expr): boolean {
  if (parent?.kind === 'member' && parent.object === it) return typeof parent.property !== 'string' || oneLife.test(parent.property);
  return parent?.kind === 'call' && parent.args.includes(it) && parent.callee.kind === 'member' && typeof parent.callee.property === 'string' && oneLife.test(parent.callee.property);
}

/** `S3Client` gives `s3Client`; a factory names nothing. */
function nameFor(facts: ModuleFacts, { callee, kind }: Made): string | undefined {
  if (kind !== 'new') return undefined;
  const name = callee.kind === 'member' ? callee.property : callee.kind === 'ref' ? facts.bindings[callee.binding]?.name : undefined;
  return typeof name === 'string' && /^[A-Z]\w*$/.test(name) ? lowered(name) : undefined;
}

const lowered = (name: string): string => name.replace(/^[A-Z][A-Z0-9]*(?=[A-Z][a-z])|^[A-Z][A-Z0-9]*$|^[A-Z]/, (head) => head.toLowerCase());
