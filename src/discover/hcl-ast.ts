import type { TextRange } from '../model/location.ts';

/** An operation on a value: `.name`, `[key]`, `.*` (attributes only, up to the next index) or `[*]`. */
export type HclStep =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'index'; readonly key: HclExpression }
  | { readonly kind: 'splat'; readonly full: boolean };

/** A part of a template: text, `${…}`, `%{ if }` and `%{ for }`. */
export type HclPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly value: HclExpression }
  | { readonly kind: 'if'; readonly condition: HclExpression; readonly then: readonly HclPart[]; readonly otherwise: readonly HclPart[] }
  | { readonly kind: 'for'; readonly names: readonly string[]; readonly collection: HclExpression; readonly body: readonly HclPart[] };

/** An expression of HCL's native syntax (HashiCorp, "HCL Native Syntax Specification", read 2026-11). */
export type HclExpression = TextRange & (
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly HclPart[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'steps'; readonly on: HclExpression; readonly steps: readonly HclStep[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly HclExpression[]; readonly spread: boolean }
  | { readonly kind: 'list'; readonly items: readonly HclExpression[] }
  | { readonly kind: 'object'; readonly entries: readonly { readonly key: HclExpression; readonly value: HclExpression }[] }
  | {
      readonly kind: 'for'; readonly names: readonly string[]; readonly collection: HclExpression;
      /** Absent: a list comes out. */
      readonly key?: HclExpression; readonly value: HclExpression; readonly condition?: HclExpression; readonly group: boolean;
    }
  | { readonly kind: 'conditional'; readonly test: HclExpression; readonly yes: HclExpression; readonly no: HclExpression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: HclExpression; readonly right: HclExpression }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: HclExpression }
);

export interface HclAttribute extends TextRange {
  readonly name: string;
  readonly value: HclExpression;
}

export interface HclBlock extends TextRange {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: HclBody;
}

/** What stands between the braces of a block, or in a whole file. */
export interface HclBody {
  readonly attributes: ReadonlyMap<string, HclAttribute>;
  readonly blocks: readonly HclBlock[];
}

export interface HclProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface HclFile {
  readonly file: string;
  readonly body: HclBody;
  /** Blocks and lines that were left out. */
  readonly problems: readonly HclProblem[];
  /** Offsets at which lines start. */
  readonly lines: readonly number[];
}
