/**
 * Symbolic values: what the evaluator knows of an expression or of an infrastructure property without running
 * anything. Unknown is a value, with its reason.
 */
export type Value =
  | LiteralValue | TemplateValue | EnvValue | ResourceValue | EventValue | ContextValue | ParamValue | ObjectValue | ArrayValue
  | ExternalValue | InstanceValue | FunctionValue | ClassValue | OneOfValue | DerivedValue | UnknownValue;

export interface LiteralValue { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined }
/** A string put together from parts; the literal head and tail decide prefix and suffix filters. */
export interface TemplateValue { readonly kind: 'template'; readonly parts: readonly Value[] }
/** An environment variable whose value the function's declaration does not give. */
export interface EnvValue { readonly kind: 'env'; readonly name: string }
/** A reference to something that infrastructure declares. `attribute`: 'Ref', 'Arn', 'Name', 'QueueUrl', … */
export interface ResourceValue { readonly kind: 'resource'; readonly unit: string; readonly id: string; readonly attribute: string }
/** Part of the event (request, message) that the platform hands to the handler. '*' is any element. */
export interface EventValue { readonly kind: 'event'; readonly path: readonly string[] }
/** Part of the platform's context argument. */
export interface ContextValue { readonly kind: 'context'; readonly path: readonly string[] }
/** A parameter for which the path at hand gives no argument. */
export interface ParamValue { readonly kind: 'param'; readonly file: string; readonly fn: number; readonly index: number; readonly path: readonly string[] }
/**
 * `open`: it may have further properties that are not known. Later entries of one name win; the name `*` stands for a computed
 * one. `computed`: the keys of all entries named `*`, given where nothing else makes the object open.
 */
export interface ObjectValue { readonly kind: 'object'; readonly entries: readonly (readonly [string, Value])[]; readonly open: boolean; readonly computed?: readonly Value[] }
/** `open`: it may have further elements. `uniform`: each of them is one of `items`, as a mapped list's are. */
export interface ArrayValue { readonly kind: 'array'; readonly items: readonly Value[]; readonly open: boolean; readonly uniform?: true }
/** Something that a package or the platform provides: `module` is the import specifier, or 'global'. */
export interface ExternalValue { readonly kind: 'external'; readonly module: string; readonly path: readonly string[] }
/** An object made by `new` of an external class, or of a class of the repository (`cls`). */
export interface InstanceValue {
  readonly kind: 'instance';
  readonly of: ExternalValue | ClassValue;
  readonly args: readonly Value[];
  /** Where it was constructed, for per-invocation and identity questions. */
  readonly site?: { readonly file: string; readonly start: number; readonly end: number; readonly fn: number };
  /** The link-level frame that holds constructor arguments; opaque outside `link`. */
  readonly frame?: unknown;
}
export interface FunctionValue { readonly kind: 'function'; readonly file: string; readonly fn: number; readonly frame?: unknown; readonly self?: Value; readonly bound?: readonly Value[] }
export interface ClassValue { readonly kind: 'class'; readonly file: string; readonly cls: number; readonly frame?: unknown }
export interface OneOfValue { readonly kind: 'oneOf'; readonly options: readonly Value[] }
/**
 * Computed from other values in a way that is not modelled. `io`: through a call that leaves the process or that is
 * not known to be a pure function of its inputs (an SDK or network call); false for arithmetic, string and data methods.
 */
export interface DerivedValue { readonly kind: 'derived'; readonly what: string; readonly from: readonly Value[]; readonly io: boolean }
export interface UnknownValue { readonly kind: 'unknown'; readonly reason: string }

export const unknown = (reason: string): UnknownValue => ({ kind: 'unknown', reason });
export const literal = (value: LiteralValue['value']): LiteralValue => ({ kind: 'literal', value });

/** The text of a value that is one literal; `undefined` for anything else. */
export function literalText(value: Value | undefined): string | undefined {
  return value?.kind === 'literal' && (typeof value.value === 'string' || typeof value.value === 'number') ? String(value.value) : undefined;
}

/** Every way that a value can turn out: itself, or the options of a `oneOf`. */
export function alternatives(value: Value): readonly Value[] {
  return value.kind === 'oneOf' ? value.options.flatMap(alternatives) : [value];
}
