import { matchesPackage, packageName } from './runtime-modules.ts';
import { lambdaRuntime } from './runtimes.ts';

/** What a bundling tool leaves out of the bundle. */
export interface Externals {
  /** Import specifiers or patterns that are not bundled. */
  readonly patterns: readonly string[];
  /** Those that the tool installs into the package beside the bundle: they still count. */
  readonly installed: readonly string[];
  /** What the numbers rest on when the tool's own bundler is another than the one that measures. */
  readonly assumptions: readonly string[];
}

/** Bundlers whose output is within a few percent of esbuild's settings as read from infrastructure. */
const esbuildTools = new Set(['esbuild', 'sam', 'cdk', 'serverless', 'serverless-esbuild', 'sst', 'wrangler', 'vercel', 'netlify', 'tsup']);

/**
 * Defaults of the tools beside what the declaration lists. Sources, read in 2026: AWS CDK 2.276 `NodejsFunction`
 * (`@aws-sdk/*` from Node 18, `aws-sdk` before; a list of its own replaces them); serverless-esbuild 1.57 (`exclude`
 * has `aws-sdk`; `external` is installed into the archive); SST v3 (`sharp` and `pg-native` are installed); Serverless
 * Framework v4 (`@aws-sdk/*` from Node 18); AWS SAM (`External` only).
 */
export function externalsOf(tool: string, runtime: string | undefined, declared: readonly string[]): Externals {
  const sdk = runtime === undefined ? undefined : lambdaRuntime(runtime)?.sdk;
  const assumptions = esbuildTools.has(tool) ? [] : [`measured with esbuild; ${tool === '' ? 'the bundler' : tool} may give another size`];
  switch (tool) {
    case 'cdk':
      return { patterns: declared.length > 0 ? declared : sdk === 3 ? ['@aws-sdk/*'] : sdk === 2 ? ['aws-sdk'] : [], installed: [], assumptions };
    case 'serverless':
      return { patterns: sdk === 3 ? ['@aws-sdk/*', ...declared] : declared, installed: [], assumptions };
    case 'serverless-esbuild':
      return { patterns: ['aws-sdk', ...declared], installed: declared.filter((name) => !name.includes('*') && name !== 'aws-sdk' && !name.startsWith('@aws-sdk/')), assumptions };
    case 'sst':
      return { patterns: ['sharp', 'pg-native', ...declared], installed: [], assumptions };
    default:
      return { patterns: declared, installed: [], assumptions };
  }
}

/** A test for specifiers: a name also stands for its subpaths; one `*` stands for anything. */
export function externalTest(patterns: readonly string[]): (specifier: string) => boolean {
  const names = patterns.filter((pattern) => !pattern.includes('*'));
  const wild = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => {
    const star = pattern.indexOf('*');
    return { head: pattern.slice(0, star), tail: pattern.slice(star + 1) };
  });
  return (specifier) => {
    const name = packageName(specifier);
    if (names.includes(specifier) || (name !== undefined && matchesPackage(name, names))) return true;
    if (name === undefined) return wild.some(({ head, tail }) => head.startsWith('.') && specifier.startsWith(head) && specifier.endsWith(tail));
    return wild.some(({ head, tail }) => specifier.length >= head.length + tail.length && specifier.startsWith(head) && specifier.endsWith(tail));
  };
}
