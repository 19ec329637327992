import { cpSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { BundleResult } from '../../src/model/finding.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { bytesIn, install, ownZip, write, zipFolder } from './installed.ts';

/**
 * Twenty functions that use real packages, declared in the way of each tool, against what the tool would make of them: esbuild
 * with the tool's own settings, or the very files of the folder, written to the disk and zipped.
 */
const base = temporaryFolder('exact');
const root = join(base, 'repo');

const uses = (...names: readonly string[]): string => `${names.map((name, index) => `import * as p${index} from '${name}';`).join('\n')}\nexport const handler = async (event: unknown) => [event, ${names.map((_, index) => `Object.keys(p${index})`).join(', ')}];\n`;
const plain = (...names: readonly string[]): string => `${names.map((name, index) => `const p${index} = require('${name}');`).join('\n')}\nexports.handler = async () => [${names.map((_, index) => `p${index}`).join(', ')}];\n`;

const cdkEsbuild: BuildOptions = { platform: 'node', target: 'node22' };
const samEsbuild: BuildOptions = { platform: 'node', target: 'es2020', format: 'cjs', minify: true };
const wrangler: BuildOptions = { format: 'esm', target: 'es2024', conditions: ['workerd', 'worker', 'browser'], mainFields: ['browser', 'module', 'main'], keepNames: true, loader: { '.js': 'jsx' } };

/** Bundled functions: folder of the project, name, entry, and what the tool runs esbuild with. */
const bundled: readonly { readonly name: string; readonly entry: string; readonly options: BuildOptions; readonly code: string }[] = [
  { name: 'cdk-plain', entry: 'cdk/src/plain.ts', options: { ...cdkEsbuild, external: ['@aws-sdk/*'] }, code: `import { S3Client } from '@aws-sdk/client-s3';\nimport { parse } from 'yaml';\nexport const handler = async () => [new S3Client({}), parse('a: 1')];\n` },
  { name: 'cdk-minified', entry: 'cdk/src/minified.ts', options: { ...cdkEsbuild, minify: true, external: ['@aws-sdk/*'] }, code: uses('ajv', 'semver') },
  { name: 'cdk-map', entry: 'cdk/src/map.ts', options: { ...cdkEsbuild, minify: true, sourcemap: 'inline', external: ['@aws-sdk/*'] }, code: uses('micromatch') },
  { name: 'cdk-esm', entry: 'cdk/src/esm.ts', options: { ...cdkEsbuild, format: 'esm', target: 'es2020', mainFields: ['module', 'main'], external: ['@aws-sdk/*'], banner: { js: '/* made by hand */' } }, code: uses('jsonc-parser', 'd3-hierarchy') },
  { name: 'cdk-loader', entry: 'cdk/src/loader.ts', options: { ...cdkEsbuild, keepNames: true, loader: { '.sql': 'text' }, define: { 'process.env.LEVEL': '"debug"' }, external: ['@aws-sdk/*'] }, code: `import query from './query.sql';\nimport { parse } from 'acorn';\nexport const handler = async () => (process.env.LEVEL === 'debug' ? [query, parse('1', { ecmaVersion: 2022 })] : []);\n` },
  { name: 'cdk-args', entry: 'cdk/src/args.ts', options: { ...cdkEsbuild, minifyWhitespace: true, treeShaking: true, charset: 'utf8', external: ['semver'] }, code: uses('semver', 'commander') },
  { name: 'SamPlain', entry: 'sam/src/plain.ts', options: samEsbuild, code: uses('postcss') },
  { name: 'SamOpen', entry: 'sam/src/open.ts', options: { ...samEsbuild, minify: false, target: 'node22', sourcemap: true }, code: uses('toml-eslint-parser') },
  { name: 'SamExternal', entry: 'sam/src/external.ts', options: { ...samEsbuild, external: ['ajv'], mainFields: ['module', 'main'], format: 'esm' }, code: uses('ajv', 'esquery') },
  { name: 'slsAlone', entry: 'sls/src/alone.ts', options: { platform: 'node', target: 'node20', minify: true, sourcemap: 'linked', external: ['aws-sdk'] }, code: uses('minimatch', 'lru-cache') },
  { name: 'slsOther', entry: 'sls/src/other.ts', options: { platform: 'node', target: 'node20', minify: true, sourcemap: 'linked', external: ['aws-sdk'] }, code: uses('picomatch') },
  { name: 'fourOne', entry: 'four/src/one.ts', options: { platform: 'node', sourcemap: true, external: ['@aws-sdk/*'] }, code: uses('json5') },
  { name: 'shop', entry: 'worker/src/index.ts', options: wrangler, code: `import { hierarchy } from 'd3-hierarchy';\nimport { visit } from 'jsonc-parser';\nexport default { async fetch() { visit('{}', {}); return new Response(String(hierarchy({}).depth)); } };\n` },
  { name: 'Graph', entry: 'sst/src/graph.ts', options: { platform: 'node', format: 'esm', target: 'esnext', mainFields: ['module', 'main'], keepNames: true, minify: true, external: ['sharp', 'pg-native'] }, code: uses('@dagrejs/dagre') },
];

/** Functions that ship files: what of the project's folder is packed, packages included. */
const folders: readonly { readonly name: string; readonly folder: string; readonly files: readonly string[]; readonly packages: readonly string[] }[] = [
  { name: 'ZipPlain', folder: 'zip', files: ['handler.js', 'package.json', 'lib/table.json', 'README.md'], packages: ['yaml', 'semver'] },
  { name: 'ZipShared', folder: 'zip', files: ['handler.js', 'package.json', 'lib/table.json', 'README.md'], packages: ['yaml', 'semver'] },
  { name: 'aws_lambda_function.report', folder: 'tf', files: ['index.js', 'package.json', 'views/page.html'], packages: ['micromatch', 'braces', 'picomatch', 'fill-range', 'to-regex-range', 'is-number'] },
  { name: 'aws_lambda_function.single', folder: 'tf', files: ['index.js'], packages: [] },
  { name: 'patterns', folder: 'patterns', files: ['serverless.yml', 'handler.js', 'package.json'], packages: ['ajv', 'fast-deep-equal', 'fast-uri', 'json-schema-traverse', 'require-from-string'] },
  { name: 'Copied', folder: 'copied', files: ['index.js'], packages: [] },
];

const cdk = `import { App, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat, SourceMapMode, Charset } from 'aws-cdk-lib/aws-lambda-nodejs';
const stack = new Stack(new App(), 'Exact');
const make = (id: string, name: string, bundling: object) => new NodejsFunction(stack, id, { functionName: id, entry: \`src/\${name}.ts\`, runtime: Runtime.NODEJS_22_X, bundling });
make('cdk-plain', 'plain', {});
make('cdk-minified', 'minified', { minify: true });
make('cdk-map', 'map', { minify: true, sourceMap: true, sourceMapMode: SourceMapMode.INLINE });
make('cdk-esm', 'esm', { format: OutputFormat.ESM, target: 'es2020', mainFields: ['module', 'main'], banner: '/* made by hand */' });
make('cdk-loader', 'loader', { keepNames: true, loader: { '.sql': 'text' }, define: { 'process.env.LEVEL': '"debug"' } });
make('cdk-args', 'args', { externalModules: ['semver'], charset: Charset.UTF8, esbuildArgs: { '--minify-whitespace': true, '--tree-shaking': 'true', '--log-limit': '0' } });
new Function(stack, 'Copied', { functionName: 'Copied', runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromAsset('../copied', { exclude: ['*.ts', 'notes'] }) });
`;
const sam = `Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Runtime: nodejs22.x, Timeout: 10 } }
Resources:
${[['SamPlain', 'plain', ''], ['SamOpen', 'open', '\n        Minify: false\n        Target: node22\n        Sourcemap: true'], ['SamExternal', 'external', '\n        Format: esm\n        External: [ajv]\n        MainFields: "module,main"']].map(([name, file, rest]) => `  ${name}:
    Type: AWS::Serverless::Function
    Metadata:
      BuildMethod: esbuild
      BuildProperties:
        EntryPoints: [src/${file}.ts]${rest}
    Properties: { CodeUri: ., Handler: src/${file}.handler }`).join('\n')}
`;
const zipTemplate = `Transform: AWS::Serverless-2016-10-31
Resources:
  ZipPlain: { Type: AWS::Serverless::Function, Properties: { CodeUri: ., Handler: handler.handler, Runtime: nodejs22.x } }
  ZipShared: { Type: AWS::Serverless::Function, Properties: { CodeUri: ., Handler: handler.handler, Runtime: nodejs22.x } }
`;
const tf = `data "archive_file" "report" {
  type        = "zip"
  source_dir  = "\${path.module}"
  output_path = "\${path.module}/out/report.zip"
  excludes    = ["main.tf", "out", "test"]
}
data "archive_file" "single" {
  type        = "zip"
  source_file = "\${path.module}/index.js"
  output_path = "\${path.module}/out/single.zip"
}
resource "aws_lambda_function" "report" {
  function_name = "report"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  filename      = data.archive_file.report.output_path
}
resource "aws_lambda_function" "single" {
  function_name = "single"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  filename      = data.archive_file.single.output_path
}
`;
const sst = `/// <reference path="./.sst/platform/config.d.ts" />
export default $config({ app: () => ({ name: 'graph', home: 'aws' }), async run() { new sst.aws.Function('Graph', { handler: 'src/graph.handler' }); } });
`;

const results = new Map<string, BundleResult>();

beforeAll(async () => {
  mkdirSync(root);
  for (const { entry, code } of bundled) write(root, { [entry]: code });
  write(root, {
    '.git/HEAD': 'ref: refs/heads/main\n',
    'cdk/cdk.json': { app: 'npx ts-node bin/app.ts' }, 'cdk/package.json': { name: 'cdk', dependencies: { 'aws-cdk-lib': '2.0.0' } }, 'cdk/bin/app.ts': cdk, 'cdk/src/query.sql': `SELECT ${'column, '.repeat(400)} 1`,
    'sam/template.yaml': sam,
    'sls/serverless.yml': 'service: sls\nplugins: [serverless-esbuild]\nprovider: { name: aws, runtime: nodejs20.x }\npackage: { individually: true }\ncustom: { esbuild: { minify: true, sourcemap: linked } }\nfunctions:\n  slsAlone: { handler: src/alone.handler }\n  slsOther: { handler: src/other.handler }\n',
    'four/serverless.yml': "service: four\nframeworkVersion: '4'\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  fourOne: { handler: src/one.handler }\n",
    'worker/wrangler.toml': 'name = "shop"\nmain = "src/index.ts"\ncompatibility_date = "2026-01-01"\n',
    'sst/sst.config.ts': sst,
    'zip/template.yaml': zipTemplate, 'zip/handler.js': plain('yaml', 'semver'), 'zip/lib/table.json': { rows: Array.from({ length: 3_000 }, (_, index) => `row ${index}`) }, 'zip/README.md': '# zip\n', 'zip/.npmignore': 'test\ntemplate.yaml\n*.log\n', 'zip/test/big.json': { text: 'x'.repeat(500_000) }, 'zip/build.log': 'y'.repeat(300_000),
    'zip/package.json': { name: 'zip', version: '1.0.0', dependencies: { yaml: '*', semver: '*' }, devDependencies: { ajv: '*' } },
    'tf/main.tf': tf, 'tf/index.js': plain('micromatch'), 'tf/views/page.html': `<p>${'text '.repeat(5_000)}</p>`, 'tf/test/big.txt': 'z'.repeat(400_000), 'tf/package.json': { name: 'tf', dependencies: { micromatch: '*' } },
    'patterns/serverless.yml': "service: patterns\nprovider: { name: aws, runtime: nodejs22.x }\npackage: { patterns: ['!docs/**', '!**/*.md'] }\nfunctions:\n  patterns: { handler: handler.handler }\n",
    'patterns/handler.js': plain('ajv'), 'patterns/docs/a.txt': 'd'.repeat(200_000), 'patterns/package.json': { name: 'patterns', dependencies: { ajv: '*' }, devDependencies: { yaml: '*' } },
    'copied/index.js': `exports.handler = async () => ${JSON.stringify('c'.repeat(20_000))};\n`, 'copied/types.ts': 't'.repeat(100_000), 'copied/notes/a.txt': 'n'.repeat(100_000),
  });
  install(root, ['yaml', 'ajv', 'semver', 'micromatch', 'jsonc-parser', 'd3-hierarchy', 'acorn', 'commander', 'postcss', 'toml-eslint-parser', 'esquery', 'minimatch', 'lru-cache', 'picomatch', 'json5', '@dagrejs/dagre']);
  install(join(root, 'zip'), ['yaml', 'semver', 'ajv']);
  install(join(root, 'tf'), ['micromatch']);
  install(join(root, 'patterns'), ['ajv', 'yaml']);
  const { bundles } = await analyze({ root, paths: [root], rules: ['no-oversized-bundle'], config: false });
  for (const result of bundles) results.set(result.function, result);
}, 60_000);

const within = (got: number | undefined, real: number, share: number, what: string): void => {
  expect(got, what).toBeDefined();
  expect(Math.abs((got ?? 0) - real) / real, `${what}: ${got} against ${real}`).toBeLessThanOrEqual(share);
};
const resultOf = (name: string): BundleResult | undefined => results.get(name) ?? results.get(name.slice(name.lastIndexOf('.') + 1)) ?? results.get(name.toLowerCase());

describe('sizes of twenty functions of real packages', () => {
  it('are twenty', () => expect(bundled.length + folders.length).toBe(20));

  it.each(bundled)('$name is what esbuild makes of it, within 1 %, and its archive within 3 %', async ({ name, entry, options }) => {
    const project = join(root, entry.split('/')[0] ?? '');
    const out = join(base, 'out', name);
    await build({ ...options, entryPoints: [join(root, entry)], outfile: join(out, `${basename(entry, '.ts')}.js`), bundle: true, absWorkingDir: project, logLevel: 'error' });
    const result = resultOf(name);
    expect(result, [...results.keys()].join()).toMatchObject({ status: 'measured' });
    expect(result?.assumptions).toBeUndefined();
    within(result?.bytes, bytesIn(out), 0.01, 'bundle');
    within(result?.zippedBytes, zipFolder(out), 0.03, 'archive');
  });

  it.each(folders)('$name is what its folder holds, within 1 %', ({ name, folder, files, packages }) => {
    const out = join(base, 'out', name);
    for (const file of files) {
      mkdirSync(dirname(join(out, file)), { recursive: true });
      cpSync(join(root, folder, file), join(out, file));
    }
    // Patterns of the Serverless project leave Markdown out, in packages as well.
    for (const item of packages) cpSync(join(root, folder, 'node_modules', item), join(out, 'node_modules', item), { recursive: true, filter: (path) => folder !== 'patterns' || !path.endsWith('.md') });
    const result = resultOf(name);
    expect(result, [...results.keys()].join()).toMatchObject({ status: 'measured' });
    within(result?.bytes, bytesIn(out), 0.01, 'files');
    within(result?.zippedBytes, zipFolder(out), 0.01, 'archive');
    within(result?.zippedBytes, ownZip(out).length, 0.01, 'archive made without a tool');
  });
});
