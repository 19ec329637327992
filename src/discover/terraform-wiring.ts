import type { ServerlessFunction, Trigger } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import { template as text, valueKey } from './cloudformation-values.ts';
import type { ResourceInstance } from './terraform-module.ts';

type Destination = ServerlessFunction['destinations'][number];

/** A function while its triggers, which may stand in any module, are still being collected. */
export interface TerraformDraft {
  readonly fn: Omit<ServerlessFunction, 'triggers' | 'destinations' | 'provisionedConcurrency' | 'maximumRetryAttempts'>;
  readonly instance: ResourceInstance;
  readonly triggers: Trigger[];
  readonly destinations: Destination[];
  provisionedConcurrency?: NonNullable<ServerlessFunction['provisionedConcurrency']>;
  maximumRetryAttempts?: NonNullable<ServerlessFunction['maximumRetryAttempts']>;
}

const MAX_VISITS = 3_000;

/** Resources that stand for a function, with the argument that names it. */
const standIns: ReadonlyMap<string, string> = new Map([
  ['aws_lambda_alias', 'function_name'], ['aws_lambda_function_url', 'function_name'], ['aws_lambda_provisioned_concurrency_config', 'function_name'],
  ['aws_lambda_invocation', 'function_name'],
]);

/** All functions of a repository, and the way from a value to the functions that it names. */
export class TerraformWiring {
  readonly instances: ReadonlyMap<string, ResourceInstance>;
  readonly drafts = new Map<string, TerraformDraft>();
  /** Declared function names, by key of the name's value. `null`: several functions have it. */
  readonly #names = new Map<string, TerraformDraft | null>();

  constructor(instances: ReadonlyMap<string, ResourceInstance>) {
    this.instances = instances;
  }

  add(draft: TerraformDraft): void {
    if (this.drafts.has(draft.fn.id)) return;
    this.drafts.set(draft.fn.id, draft);
    const name = draft.fn.physicalName;
    if (name && (name.kind === 'literal' || name.kind === 'template')) this.#names.set(valueKey(name), this.#names.has(valueKey(name)) ? null : draft);
  }

  /** Functions that a value names: by reference, through aliases, by declared name or ARN, anywhere inside it. */
  functions(value: Value): readonly TerraformDraft[] {
    const found = new Set<TerraformDraft>();
    const pending: Value[] = [value];
    const seen = new Set<Value | string>();
    while (pending.length > 0 && seen.size < MAX_VISITS) {
      const item = pending.pop();
      if (!item || seen.has(item)) continue;
      seen.add(item);
      switch (item.kind) {
        case 'resource': this.#reference(item.unit, item.id, found, pending, seen); break;
        case 'literal': this.#named(item, found); break;
        case 'template':
          this.#named(item, found);
          pending.push(...item.parts.filter((part) => part.kind !== 'literal'));
          break;
        case 'object': pending.push(...item.entries.map(([, entry]) => entry)); break;
        case 'array': pending.push(...item.items); break;
        case 'oneOf': pending.push(...item.options); break;
        case 'derived': pending.push(...item.from); break;
        default: break;
      }
    }
    return [...found];
  }

  /** Gives a trigger to every function that the value names. Says how many there were. */
  attach(target: Value, trigger: Trigger): number {
    const functions = this.functions(target);
    for (const draft of functions) draft.triggers.push(trigger);
    return functions.length;
  }

  /** The declared resource that a value refers to. */
  instanceOf(value: Value): ResourceInstance | undefined {
    return value.kind === 'resource' ? this.instances.get(`${value.unit}#${value.id}`) : undefined;
  }

  #reference(unit: string, id: string, found: Set<TerraformDraft>, pending: Value[], seen: Set<Value | string>): void {
    const key = `${unit}#${id}`;
    const draft = this.drafts.get(key);
    if (draft) {
      found.add(draft);
      return;
    }
    const instance = this.instances.get(key);
    const argument = instance && standIns.get(instance.type);
    if (!instance || argument === undefined || seen.has(key)) return;
    seen.add(key);
    pending.push(instance.node.value(argument));
  }

  #named(value: Value, found: Set<TerraformDraft>): void {
    const name = functionName(value);
    const draft = name && this.#names.get(valueKey(name));
    if (draft) found.add(draft);
  }
}

/** The function's name in an ARN or integration URI (`…:function:NAME:alias`, `…function:NAME/invocations`), or the value itself. */
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
