import { matchesPackage, packageName } from './runtime-modules.ts';
import { lambdaRuntime } from './runtimes.ts';
import type { Packaging } from '../model/function.ts';

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
const esbuildTools = new Set(['esbuild', 'sam', 'cdk', 'serverless', 'serverless-esbuild', 'sst', 'wrangler', 'amplify', 'vercel', 'netlify', 'tsup']);

/**
 * Defaults of the tools beside what the declaration lists. Sources, read in 2026: AWS CDK 2.276 `NodejsFunction`
 * (`@aws-sdk/*` from Node 18, `aws-sdk` before; a list of its own replaces them; `nodeModules` are installed);
 * serverless-esbuild 1.57 (`exclude` is `aws-sdk` unless given; `external` is installed into the archive); SST v3 (`sharp` and
 * `pg-native` are installed where they are imported, as is `nodejs.install`); Serverless Framework v4 (`@aws-sdk/*` from
 * Node 18 whatever is listed; `external` is installed); AWS SAM (`External` only; `./node_modules/*` is every package);
 * zip-it-and-ship-it (`external_node_modules` are copied). A webpack configuration is code: what it leaves out is not known.
 */
export function externalsOf(packaging: Pick<Packaging, 'tool' | 'by' | 'external' | 'build'>, runtime: string | undefined): Externals {
  const { build, external: declared } = packaging;
  const tool = packaging.by ?? packaging.tool;
  const sdk = runtime === undefined ? undefined : lambdaRuntime(runtime)?.sdk;
  const provided = sdk === 3 ? ['@aws-sdk/*'] : sdk === 2 ? ['aws-sdk'] : [];
  const install = build?.install ?? [];
  const assumptions = assumptionsOf(packaging);
  const all = build?.options.get('packages') === 'external' ? ['*'] : [];
  switch (tool) {
    case 'cdk':
      return { patterns: [...(build?.ownExternals ?? declared.length > install.length ? [] : provided), ...declared, ...all], installed: install, assumptions };
    case 'serverless':
      return { patterns: [...provided, ...declared, ...all], installed: install.filter((name) => !externalTest(provided)(name)), assumptions };
    case 'serverless-esbuild': {
      const names = declared.filter((name) => name !== '*');
      return { patterns: [...(build?.ownExternals ? [] : ['aws-sdk']), ...names, ...all], installed: (build ? install : declared).filter((name) => !name.includes('*') && name !== 'aws-sdk' && !name.startsWith('@aws-sdk/')), assumptions };
    }
    case 'sst':
      return { patterns: ['sharp', 'pg-native', ...declared, ...all], installed: install, assumptions };
    case 'sam':
      return { patterns: [...declared.filter((name) => name !== './node_modules/*'), ...(declared.includes('./node_modules/*') ? ['*'] : []), ...all], installed: [], assumptions };
    case 'wrangler':
      return { patterns: ['__STATIC_CONTENT_MANIFEST', ...declared, ...all], installed: [], assumptions };
    case 'netlify':
      return { patterns: [...declared, ...all], installed: declared.filter((name) => !name.includes('*')), assumptions };
    default:
      return { patterns: [...declared, ...all], installed: [], assumptions };
  }
}

function assumptionsOf({ tool, by, build }: Pick<Packaging, 'tool' | 'by' | 'build'>): readonly string[] {
  const bundler = by === 'serverless-webpack' || by === 'serverless-bundle' ? 'webpack' : tool;
  return [
    ...(esbuildTools.has(bundler) ? [] : [`measured with esbuild; ${bundler === '' ? 'the bundler' : bundler} may give another size`]),
    ...(build === undefined || build.unread.length === 0 ? [] : [`measured without settings that could not be read: ${build.unread.join(', ')}`]),
  ];
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
