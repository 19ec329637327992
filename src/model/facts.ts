import type { TextRange } from './location.ts';

/**
 * What one source file says, as a small program: plain serialisable data with names resolved to bindings and syntax
 * reduced to a handful of shapes. It holds no answers; every question is a query in `link`.
 *
 * Parentheses, type assertions, `satisfies`, non-null marks and optional-chain wrappers are seen through.
 * All indexes (`fn`, `binding`, `cls`) point into the arrays of the same `ModuleFacts`.
 */
export interface ModuleFacts {
  readonly file: string;
  /** Offsets of the first character of each line; turns offsets into lines and columns. */
  readonly lineStarts: readonly number[];
  readonly length: number;
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  /** `functions[0]` is the module itself: its body is what runs in the init phase. */
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  readonly bindings: readonly BindingFact[];
  /** Comments that may be suppression directives (those that contain `faaslint` or `eslint-disable`). */
  readonly comments: readonly CommentFact[];
  /** Names of interfaces and type aliases declared in the file, with the members' function types reduced to names. */
  readonly types: readonly TypeFact[];
  /** Names that the file uses and nothing in it declares (`process`, `fetch`), sorted. */
  readonly globals: readonly string[];
}

export interface CommentFact extends TextRange {
  readonly text: string;
  readonly line: boolean;
}

/** `import`, `require` with a literal, `import x = require()`, dynamic `import()` with a literal, and re-exports. */
export interface ImportFact extends TextRange {
  readonly form: 'static' | 'require' | 'dynamic' | 'reexport';
  readonly source: string;
  readonly typeOnly: boolean;
  /** What is taken: exported name (`default`, `*` for the namespace) and the local binding. Empty: side effects only. */
  readonly names: readonly { readonly imported: string; readonly binding: number; readonly typeOnly: boolean }[];
  /** The function that evaluates it: 0 at module level. */
  readonly fn: number;
}

/** One exported name. `*` with `from` is `export * from`. `=` is `module.exports = value` or `export =`. */
export interface ExportFact extends TextRange {
  readonly name: string;
  readonly typeOnly: boolean;
  readonly value?: Expr;
  readonly binding?: number;
  readonly from?: { readonly source: string; readonly imported: string };
}

/** The name of a declared type as written: `Handler` or `ns.Handler`, with type arguments. Unions keep every member. */
export interface TypeRef {
  readonly name: string;
  readonly args: readonly TypeRef[];
  /** Members of a union or intersection; `name` is then '|' or '&'. */
}

export interface TypeFact extends TextRange {
  readonly name: string;
  readonly form: 'interface' | 'alias';
  readonly extends: readonly TypeRef[];
  readonly members: readonly string[];
}

export type BindingKind = 'const' | 'let' | 'var' | 'param' | 'function' | 'class' | 'import' | 'catch' | 'enum' | 'namespace';

export interface BindingFact extends TextRange {
  readonly name: string;
  readonly kind: BindingKind;
  /** The function that owns the binding (0: module scope). */
  readonly fn: number;
  /** The binding is made anew in each round of a loop (block scope inside a loop body). */
  readonly inLoop: boolean;
  readonly type?: TypeRef;
}

export type FunctionKind = 'module' | 'function' | 'arrow' | 'method' | 'getter' | 'setter' | 'constructor' | 'staticBlock';

export interface FunctionFact extends TextRange {
  readonly id: number;
  /** Declared name, or the name of the variable, property or member that holds it; '' when there is none. */
  readonly name: string;
  readonly kind: FunctionKind;
  readonly async: boolean;
  readonly generator: boolean;
  readonly params: readonly ParamFact[];
  readonly body: readonly Stmt[];
  /** The lexically enclosing function; -1 for the module. */
  readonly parent: number;
  /** The class whose member this is. */
  readonly cls?: number;
  readonly static?: boolean;
  readonly returnType?: TypeRef;
  readonly decorators: readonly Expr[];
}

export interface ParamFact extends TextRange {
  readonly target: Target;
  readonly rest: boolean;
  readonly default?: Expr;
  readonly type?: TypeRef;
  /** TypeScript parameter property: the parameter is also a field of the class. */
  readonly property: boolean;
  readonly decorators: readonly Expr[];
}

export interface ClassFact extends TextRange {
  readonly id: number;
  readonly name: string;
  readonly fn: number;
  readonly superClass?: Expr;
  readonly implements: readonly TypeRef[];
  readonly decorators: readonly Expr[];
  readonly members: readonly MemberFact[];
  /** Written as a function with a prototype: it can be called without `new` too. */
  readonly written?: 'function';
}

export interface MemberFact extends TextRange {
  readonly name: string;
  readonly kind: 'constructor' | 'method' | 'get' | 'set' | 'field';
  readonly static: boolean;
  /** The function of a constructor, method or accessor. */
  readonly fn?: number;
  /** The initial value of a field. */
  readonly value?: Expr;
  readonly type?: TypeRef;
  readonly decorators: readonly Expr[];
}

// ---------------------------------------------------------------- expressions

export type Expr =
  | LiteralExpr | RegexExpr | TemplateExpr | RefExpr | GlobalExpr | ThisExpr | SuperExpr | MemberExpr | CallExpr | NewExpr
  | ImportExpr | FunctionExpr | ClassExpr | ObjectExpr | ArrayExpr | SpreadExpr | UnaryExpr | BinaryExpr | LogicalExpr
  | ConditionalExpr | AssignExpr | AwaitExpr | YieldExpr | SequenceExpr | OpaqueExpr;

export interface LiteralExpr extends TextRange { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined }
export interface RegexExpr extends TextRange { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }
/** Untagged template: literal parts are `LiteralExpr`. Tagged ones are calls of the tag. */
export interface TemplateExpr extends TextRange { readonly kind: 'template'; readonly parts: readonly Expr[] }
/** A name that resolves to a binding of this module. */
export interface RefExpr extends TextRange { readonly kind: 'ref'; readonly binding: number }
/** A name that no scope of the module declares: `process`, `console`, or an undeclared variable. */
export interface GlobalExpr extends TextRange { readonly kind: 'global'; readonly name: string }
export interface ThisExpr extends TextRange { readonly kind: 'this' }
export interface SuperExpr extends TextRange { readonly kind: 'super' }
export interface MemberExpr extends TextRange {
  readonly kind: 'member';
  readonly object: Expr;
  /** A string for `.name`, `['name']` and `[0]`; an expression otherwise. */
  readonly property: string | Expr;
  readonly optional: boolean;
}
export interface CallExpr extends TextRange { readonly kind: 'call'; readonly callee: Expr; readonly args: readonly Expr[]; readonly optional: boolean; readonly tagged?: boolean }
export interface NewExpr extends TextRange { readonly kind: 'new'; readonly callee: Expr; readonly args: readonly Expr[] }
/** `import(source)`; a literal `require(source)` is an `ImportExpr` too, with `form: 'require'`. */
export interface ImportExpr extends TextRange { readonly kind: 'import'; readonly form: 'dynamic' | 'require'; readonly source: Expr }
export interface FunctionExpr extends TextRange { readonly kind: 'function'; readonly fn: number }
export interface ClassExpr extends TextRange { readonly kind: 'class'; readonly cls: number }
export interface ObjectExpr extends TextRange { readonly kind: 'object'; readonly properties: readonly PropertyFact[] }
export interface PropertyFact extends TextRange {
  /** `undefined` for a spread. */
  readonly key: string | Expr | undefined;
  readonly value: Expr;
  readonly accessor?: 'get' | 'set';
}
/** Holes are `null`. */
export interface ArrayExpr extends TextRange { readonly kind: 'array'; readonly items: readonly (Expr | null)[] }
export interface SpreadExpr extends TextRange { readonly kind: 'spread'; readonly of: Expr }
export interface UnaryExpr extends TextRange { readonly kind: 'unary'; readonly op: string; readonly of: Expr }
export interface BinaryExpr extends TextRange { readonly kind: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr }
export interface LogicalExpr extends TextRange { readonly kind: 'logical'; readonly op: '&&' | '||' | '??'; readonly left: Expr; readonly right: Expr }
export interface ConditionalExpr extends TextRange { readonly kind: 'conditional'; readonly test: Expr; readonly then: Expr; readonly else: Expr }
/** `op` is '=' or a compound such as '+=', '??='; `++` and `--` carry the value 1. */
export interface AssignExpr extends TextRange { readonly kind: 'assign'; readonly op: string; readonly target: Target; readonly value: Expr }
export interface AwaitExpr extends TextRange { readonly kind: 'await'; readonly of: Expr }
export interface YieldExpr extends TextRange { readonly kind: 'yield'; readonly of?: Expr; readonly delegate: boolean }
export interface SequenceExpr extends TextRange { readonly kind: 'sequence'; readonly items: readonly Expr[] }
/** Anything else (JSX, meta properties): its parts are kept, so that calls inside are still seen. */
export interface OpaqueExpr extends TextRange { readonly kind: 'opaque'; readonly what: string; readonly parts: readonly Expr[] }

/** Where an assignment or declaration puts a value. */
export type Target = RefExpr | GlobalExpr | MemberExpr | PatternTarget | OpaqueExpr;

/** Destructuring, flattened: each element says which path of the value goes where. */
export interface PatternTarget extends TextRange { readonly kind: 'pattern'; readonly elements: readonly PatternElement[] }
export interface PatternElement {
  /** Property names and array indexes; '*' is an unknown key, '...' the rest. */
  readonly path: readonly string[];
  readonly target: RefExpr | GlobalExpr | MemberExpr | OpaqueExpr;
  readonly default?: Expr;
}

// ---------------------------------------------------------------- statements

export type Stmt =
  | ExprStmt | DeclareStmt | IfStmt | SwitchStmt | LoopStmt | TryStmt | ReturnStmt | ThrowStmt | JumpStmt | BlockStmt
  | FunctionStmt | ClassStmt;

export interface ExprStmt extends TextRange { readonly kind: 'expr'; readonly expr: Expr }
export interface DeclareStmt extends TextRange { readonly kind: 'declare'; readonly form: 'const' | 'let' | 'var' | 'using' | 'await using'; readonly target: Target; readonly value?: Expr }
export interface IfStmt extends TextRange { readonly kind: 'if'; readonly test: Expr; readonly then: readonly Stmt[]; readonly else: readonly Stmt[] }
export interface SwitchStmt extends TextRange { readonly kind: 'switch'; readonly subject: Expr; readonly cases: readonly SwitchCase[] }
export interface SwitchCase extends TextRange { readonly test?: Expr; readonly body: readonly Stmt[] }
export interface LoopStmt extends TextRange {
  readonly kind: 'loop';
  readonly form: 'while' | 'do' | 'for' | 'of' | 'in' | 'awaitOf';
  readonly label?: string;
  readonly init: readonly Stmt[];
  readonly test?: Expr;
  readonly update?: Expr;
  /** `for … of/in`: where each item goes, and what is iterated. */
  readonly target?: Target;
  readonly iterable?: Expr;
  readonly body: readonly Stmt[];
  /** End of the header: the loop's line is its start to here. */
  readonly headEnd: number;
}
export interface TryStmt extends TextRange { readonly kind: 'try'; readonly block: readonly Stmt[]; readonly param?: Target; readonly handler?: readonly Stmt[]; readonly finalizer?: readonly Stmt[]; readonly handlerStart?: number }
export interface ReturnStmt extends TextRange { readonly kind: 'return'; readonly value?: Expr }
export interface ThrowStmt extends TextRange { readonly kind: 'throw'; readonly value: Expr }
export interface JumpStmt extends TextRange { readonly kind: 'break' | 'continue'; readonly label?: string }
export interface BlockStmt extends TextRange { readonly kind: 'block'; readonly label?: string; readonly body: readonly Stmt[] }
export interface FunctionStmt extends TextRange { readonly kind: 'function'; readonly binding: number; readonly fn: number }
export interface ClassStmt extends TextRange { readonly kind: 'class'; readonly binding: number; readonly cls: number }
