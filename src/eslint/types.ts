/** The little of ESLint's types that the plugin needs: ESLint is an optional peer, so its own types may not be there. */

export interface SourceCodeLike {
  readonly text: string;
  readonly ast: { readonly type: string; readonly range: readonly [number, number]; readonly comments?: readonly CommentLike[] };
  getAllComments(): readonly CommentLike[];
}

export interface CommentLike {
  readonly type: string;
  readonly value: string;
  readonly range?: readonly [number, number];
}

export interface FixerLike {
  replaceTextRange(range: readonly [number, number], text: string): unknown;
}

export interface RuleContextLike {
  readonly filename: string;
  readonly cwd: string;
  readonly options: readonly unknown[];
  readonly sourceCode: SourceCodeLike;
  report(descriptor: {
    readonly message: string;
    readonly loc: { readonly start: { readonly line: number; readonly column: number }; readonly end: { readonly line: number; readonly column: number } };
    readonly suggest?: readonly { readonly desc: string; fix(fixer: FixerLike): readonly unknown[] }[];
  }): void;
}

export interface RuleModuleLike {
  readonly meta: {
    readonly type: 'problem' | 'suggestion';
    readonly hasSuggestions?: boolean;
    readonly docs: { readonly description: string; readonly recommended: boolean; readonly url: string };
    readonly schema: readonly object[];
    readonly defaultOptions: readonly object[];
    readonly messages?: Readonly<Record<string, string>>;
  };
  create(context: RuleContextLike): Record<string, () => void>;
}

export interface ConfigLike {
  readonly name: string;
  readonly files?: readonly string[];
  readonly ignores?: readonly string[];
  readonly languageOptions?: { readonly parser: unknown };
  readonly plugins: Readonly<Record<string, unknown>>;
  readonly rules: Readonly<Record<string, 'warn' | 'error' | readonly ['warn' | 'error', object]>>;
}

export interface PluginLike {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: Readonly<Record<string, RuleModuleLike>>;
  readonly configs: Readonly<Record<'core' | 'recommended' | 'strict' | 'all', readonly ConfigLike[]>>;
}
