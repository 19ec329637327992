import { limitsOf, packageBudgetBytes } from '../src/catalog/limits.ts';
import type { BundleResult } from '../src/model/finding.ts';
import type { ServerlessFunction } from '../src/model/function.ts';
import { defineRule } from '../src/rule.ts';
import type { Report, RuleOptions } from '../src/rule.ts';

const size = (bytes: number): string => (bytes < 1_000 ? `${bytes} B` : bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

/** The three biggest parts, each with the imports that drag it in. */
function biggest(bundle: BundleResult): string {
  const parts = (bundle.contributors ?? []).slice(0, 3).map(({ name, bytes, chain }) => `${name} ${size(bytes)}${chain.length > 1 ? ` (${chain.join(' → ')})` : ''}`);
  const [copy] = bundle.duplicates ?? [];
  if (copy !== undefined) parts.push(`${copy.copies} copies of ${copy.name} (one would save ${size(copy.savedBytes)})`);
  return parts.length === 0 ? 'not listed' : parts.join(', ');
}

interface Verdict {
  readonly message: 'overLimit' | 'overErrorBudget' | 'overUpload' | 'overBudget';
  readonly limitBytes: number;
  /** For which of the platform's functions the limit holds, where which of them this is is not known. */
  readonly condition?: string;
}

const amount = (options: RuleOptions, name: string): number => {
  const value = options[name];
  return typeof value === 'number' && value > 0 ? value : 0;
};

/** The gravest thing that is wrong with the size, at most one. */
function judge(fn: ServerlessFunction, bundle: BundleResult, options: RuleOptions): Verdict | undefined {
  const { bytes = 0, zippedBytes = 0 } = bundle;
  const { packageBytes, archiveBytes } = limitsOf(fn.platform);
  const errorBytes = bundle.budget?.errorBytes ?? amount(options, 'errorBytes');
  const warnBytes = bundle.budget?.warnBytes ?? amount(options, 'warnBytes');
  if (errorBytes > 0) {
    if (bytes > errorBytes) return { message: 'overErrorBudget', limitBytes: errorBytes };
  } else if (packageBytes !== undefined && packageBytes.grade !== 'inferred' && bytes > packageBytes.value) {
    // Lambda's condition, a zip package, is known to hold here; those of other platforms (plan, generation) are not.
    const condition = fn.platform === 'aws' ? undefined : packageBytes.condition;
    return { message: 'overLimit', limitBytes: packageBytes.value, ...(condition === undefined ? {} : { condition }) };
  }
  if (fn.platform === 'aws' && archiveBytes !== undefined && zippedBytes > archiveBytes.value) return { message: 'overUpload', limitBytes: archiveBytes.value };
  return warnBytes > 0 && bytes > warnBytes ? { message: 'overBudget', limitBytes: warnBytes } : undefined;
}

export default defineRule({
  id: 'no-oversized-bundle',
  title: 'Disallow deployment packages beyond the platform’s limit or their budget',
  scope: 'project',
  category: 'size',
  preset: 'core',
  risk: 'A package over the limit cannot be deployed; a large one makes every cold start longer, because it is fetched, unpacked and loaded before the first request is answered.',
  references: [
    { title: 'What is serverless and when should you use it: hard limits on deployment size', document: '002' },
    { title: 'Serverless Architecture Overview: cold start latency', document: '004' },
    { title: 'Lambda quotas', url: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html' },
  ],
  messages: {
    overLimit: {
      severity: 'error',
      text: 'The package of {function} is {size} unpacked, over the platform’s limit of {limit}. Biggest: {biggest}.',
      repair: 'Take out or replace the biggest parts, bundle instead of shipping whole folders, or move to a container image.',
    },
    overErrorBudget: {
      severity: 'error',
      text: 'The package of {function} is {size} unpacked, over the budget of {limit}. Biggest: {biggest}.',
      repair: 'Take out or replace the biggest parts, or raise errorBytes.',
    },
    overUpload: {
      severity: 'warning',
      text: 'The archive of {function} is {zippedSize}, over the {limit} that can be uploaded directly; it has to go through S3. Biggest: {biggest}.',
      repair: 'Deploy through S3, as AWS SAM, the Serverless Framework and the CDK do, and take out the biggest parts.',
    },
    overBudget: {
      severity: 'warning',
      text: 'The package of {function} is {size} unpacked, over the budget of {limit}. Biggest: {biggest}.',
      repair: 'Import the part that is needed instead of the whole package, bundle and minify, keep what the runtime provides out, or raise warnBytes.',
    },
  },
  options: {
    warnBytes: { type: 'number', default: packageBudgetBytes, description: 'Warn above this many unpacked bytes, layers included. 0: never.' },
    errorBytes: { type: 'number', default: 0, description: 'Error above this many unpacked bytes, in place of the platform’s limit. 0: the platform’s limit.' },
  },
  examples: [
    { title: 'A small handler', code: 'export const handler = async (event) => ({ statusCode: 200, body: event.path });\n', reports: [] },
    {
      title: 'Bundled by AWS SAM with esbuild',
      code: 'import { randomUUID } from "node:crypto";\nexport const handler = async () => randomUUID();\n',
      template: [
        'Transform: AWS::Serverless-2016-10-31', 'Resources:', '  Handler:', '    Type: AWS::Serverless::Function', '    Metadata:', '      BuildMethod: esbuild',
        '      BuildProperties:', '        EntryPoints: [handler.js]', '    Properties:', '      Handler: handler.handler', '      Runtime: nodejs22.x', '      Timeout: 30', '',
      ].join('\n'),
      reports: [],
    },
    {
      title: 'An import that is not installed is not measured, and not reported',
      code: 'import got from "got-that-is-not-installed";\nexport const handler = async () => got("https://example.com");\n',
      template: [
        'Transform: AWS::Serverless-2016-10-31', 'Resources:', '  Handler:', '    Type: AWS::Serverless::Function', '    Metadata:', '      BuildMethod: esbuild',
        '      BuildProperties:', '        EntryPoints: [handler.js]', '    Properties:', '      Handler: handler.handler', '      Runtime: nodejs22.x', '      Timeout: 30', '',
      ].join('\n'),
      options: { warnBytes: 1 },
      reports: [],
    },
    {
      title: 'Over the team’s own budget',
      code: `const zones = ${JSON.stringify(Array.from({ length: 40 }, (_, index) => `zone-${index}`))};\nexport const handler = async () => zones;\n`,
      options: { warnBytes: 100 },
      reports: ['overBudget'],
    },
  ],
  *check({ project, options }) {
    const functions = new Map(project.functions.map(({ fn }) => [fn.id, fn]));
    const groups = new Map<string, { readonly fn: ServerlessFunction; readonly bundle: BundleResult; readonly names: Set<string> }>();
    for (const bundle of project.bundles) {
      const fn = bundle.id === undefined ? undefined : functions.get(bundle.id);
      if (fn === undefined || bundle.status !== 'measured' || bundle.bytes === undefined || fn.packaging?.form === 'image') continue;
      // Functions of one unit that ship the same package are one finding, at the first of them.
      const key = bundle.package === undefined ? fn.id : JSON.stringify([fn.unit, fn.platform, bundle.package]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { fn, bundle, names: new Set([fn.name]) });
      else group.names.add(fn.name);
    }
    for (const { fn, bundle, names } of groups.values()) {
      const verdict = judge(fn, bundle, options);
      const at = fn.declaredAt[0];
      if (verdict !== undefined && at !== undefined) yield report(fn, bundle, verdict, at, names);
    }
  },
});

function report(fn: ServerlessFunction, bundle: BundleResult, { message, limitBytes, condition }: Verdict, at: Report['at'], names: ReadonlySet<string>): Report {
  const assumptions = [...(bundle.assumptions ?? []), ...(condition === undefined ? [] : [`the limit holds for: ${condition}`])];
  const others = names.size - 1;
  return {
    message, at,
    functions: [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
    data: {
      function: others === 0 ? fn.name : `${fn.name} and ${others} more`,
      size: size(bundle.bytes ?? 0), limit: size(limitBytes), biggest: biggest(bundle), zippedSize: size(bundle.zippedBytes ?? 0),
      bytes: bundle.bytes ?? 0, limitBytes, ...(bundle.zippedBytes === undefined ? {} : { zippedBytes: bundle.zippedBytes }),
    },
    // An estimate by another bundler than the project's own, or a limit of some plans only, proves no failure.
    ...(assumptions.length === 0 ? {} : { assumptions, severity: 'warning' as const }),
  };
}
