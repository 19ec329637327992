import type { ServerlessFunction, Trigger } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import type { Template } from './cloudformation-template.ts';
import { template as text, valueKey } from './cloudformation-values.ts';

type Destination = ServerlessFunction['destinations'][number];

/** A function while its triggers, which may stand anywhere in the stacks, are still being collected. */
export interface Draft {
  readonly template: Template;
  /** Logical id. */
  readonly id: string;
  readonly fn: Omit<ServerlessFunction, 'triggers' | 'destinations'>;
  readonly triggers: Trigger[];
  readonly destinations: Destination[];
  /** Settings that stand on other resources: aliases, invoke configurations, distributions. */
  readonly late: { -readonly [K in 'provisionedConcurrency' | 'maximumRetryAttempts' | 'generation']?: NonNullable<ServerlessFunction[K]> };
}

/** The function of a draft, once everything is collected. */
export function finished(draft: Draft): ServerlessFunction {
  return { ...draft.fn, ...draft.late, triggers: withoutRepeats(draft), destinations: draft.destinations };
}

/** A route that both an event and an included definition of the same API declare is one route: the definition is what is deployed. */
function withoutRepeats(draft: Draft): readonly Trigger[] {
  const routes = new Map<string, Trigger>();
  const keyOf = (trigger: Trigger): string | undefined => (trigger.kind === 'http' && trigger.resource?.kind === 'resource' && trigger.filters.length > 0 ? JSON.stringify([trigger.source, trigger.resource, trigger.filters]) : undefined);
  for (const trigger of draft.triggers) {
    const key = keyOf(trigger);
    const known = key === undefined ? undefined : routes.get(key);
    if (key !== undefined && (known === undefined || (known.location?.file === draft.fn.unit && trigger.location?.file !== draft.fn.unit))) routes.set(key, trigger);
  }
  return draft.triggers.filter((trigger) => {
    const key = keyOf(trigger);
    return key === undefined || routes.get(key) === trigger || routes.get(key)?.location?.file === trigger.location?.file;
  });
}

const MAX_DEPTH = 30;

/** Resources that stand for a function, with the property that names it. */
const standIns: ReadonlyMap<string, string> = new Map([
  ['AWS::Lambda::Alias', 'FunctionName'], ['AWS::Lambda::Version', 'FunctionName'], ['AWS::Lambda::Url', 'TargetFunctionArn'],
]);

/** All templates and functions of a repository, and the way from a value to the functions that it names. */
export class Wiring {
  readonly templates: ReadonlyMap<string, Template>;
  readonly drafts = new Map<string, Draft>();
  /** Declared function names, by key of the name's value. `null`: several functions have it. */
  readonly #names = new Map<string, Draft | null>();

  constructor(templates: ReadonlyMap<string, Template>) {
    this.templates = templates;
  }

  add(draft: Draft): void {
    this.drafts.set(draft.fn.id, draft);
    const name = draft.fn.physicalName;
    if (name && name.kind !== 'unknown') this.#names.set(valueKey(name), this.#names.has(valueKey(name)) ? null : draft);
  }

  /** Functions that a value names: by reference, through aliases and versions, by declared name or ARN, anywhere inside it. */
  functions(value: Value): Draft[] {
    const found = new Set<Draft>();
    this.#collect(value, found, 0);
    return [...found];
  }

  /** Gives a trigger to every function that the value names. Says how many there were. */
  attach(target: Value, trigger: Trigger): number {
    const functions = this.functions(target);
    for (const draft of functions) draft.triggers.push(trigger);
    return functions.length;
  }

  /** Type of the resource that a value refers to. */
  typeOf(value: Value): string | undefined {
    return value.kind === 'resource' ? this.templates.get(value.unit)?.resources.get(value.id)?.type : undefined;
  }

  #collect(value: Value, found: Set<Draft>, depth: number): void {
    if (depth > MAX_DEPTH) return;
    switch (value.kind) {
      case 'resource': this.#reference(value.unit, value.id, found, depth); break;
      case 'literal': this.#named(value, found); break;
      case 'template':
        this.#named(value, found);
        for (const part of value.parts) if (part.kind !== 'literal') this.#collect(part, found, depth + 1);
        break;
      case 'object': for (const [, item] of value.entries) this.#collect(item, found, depth + 1); break;
      case 'array': for (const item of value.items) this.#collect(item, found, depth + 1); break;
      case 'oneOf': for (const item of value.options) this.#collect(item, found, depth + 1); break;
      case 'derived': for (const item of value.from) this.#collect(item, found, depth + 1); break;
      default: break;
    }
  }

  #reference(unit: string, id: string, found: Set<Draft>, depth: number): void {
    const draft = this.drafts.get(`${unit}#${id}`);
    if (draft) {
      found.add(draft);
      return;
    }
    const template = this.templates.get(unit);
    const resource = template?.resources.get(id);
    const property = resource && standIns.get(resource.type);
    if (template && property !== undefined) this.#collect(template.value(resource?.properties?.get(property)), found, depth + 1);
  }

  #named(value: Value, found: Set<Draft>): void {
    const name = functionName(value);
    const draft = name && this.#names.get(valueKey(name));
    if (draft) found.add(draft);
  }
}

/** The function's name in an ARN or API integration URI (`…:function:NAME:alias`, `…function:NAME/invocations`), or the value itself. */
function functionName(value: Value): Value | undefined {
  const parts = value.kind === 'template' ? value.parts : [value];
  const marker = ':function:';
  const start = parts.findIndex((part) => part.kind === 'literal' && typeof part.value === 'string' && part.value.includes(marker));
  if (start < 0) return value;
  const name: Value[] = [];
  for (const [index, part] of parts.slice(start).entries()) {
    if (part.kind !== 'literal' || typeof part.value !== 'string') {
      name.push(part);
      continue;
    }
    const rest = index === 0 ? part.value.slice(part.value.indexOf(marker) + marker.length) : part.value;
    const end = rest.search(/[:/]/);
    name.push({ kind: 'literal', value: end < 0 ? rest : rest.slice(0, end) });
    if (end >= 0) break;
  }
  return text(name);
}
