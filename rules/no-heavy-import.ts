import { heavyImport, heavyImportsDate, majorOf } from '../src/catalog/heavy-imports.ts';
import { lighterImports } from '../src/link/queries/lighter-imports.ts';
import { importsLeadingTo, packageImports, supplyOf } from '../src/link/queries/packaged.ts';
import type { FunctionView } from '../src/model/project.ts';
import { defineRule } from '../src/rule.ts';

const v2 = `AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Function:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: .\n      Handler: handler.handler\n      Runtime: nodejs16.x\n`;

export default defineRule({
  id: 'no-heavy-import',
  title: 'Disallow imports that cost far more than they give',
  scope: 'function',
  category: 'size',
  preset: 'strict',
  risk: 'Everything that a module imports is read, parsed and run at each cold start, while the caller waits, and counts against the size of the package.',
  references: [
    { title: 'Serverless Architecture Overview: cold start latency', document: '004' },
    { title: 'Serverless Architecture explained: latency', document: '001' },
    { title: 'AWS Lambda: best practices for function code (minimize the package, reduce dependencies)', url: 'https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html' },
    { title: 'Cloud Run functions: use dependencies wisely', url: 'https://cloud.google.com/functions/docs/bestpractices/tips' },
  ],
  messages: {
    whole: { severity: 'warning', text: "'{name}' is loaded whole at each cold start: {size}, {loads}.", repair: '{instead}' },
    program: { severity: 'warning', text: "'{name}' brings an infrastructure program, and with it the construct library, into the function: it is loaded at each cold start.", repair: 'Move what both need into a file of its own.' },
    bundledSdk: { severity: 'info', text: "'{name}' is packaged ({by}) although {runtime} has it.", repair: 'Leave `@aws-sdk/*` out of the package, or keep it on purpose to pin its version.' },
  },
  options: {},
  examples: [
    { title: 'The whole of lodash', code: `import _ from 'lodash';\nexport const handler = async (event) => _.merge({}, event.defaults, event.settings);\n`, reports: ['whole'] },
    { title: 'The whole SDK for one table', code: `const AWS = require('aws-sdk');\nconst table = new AWS.DynamoDB.DocumentClient();\nexports.handler = async (event) => table.get({ TableName: process.env.TABLE, Key: { id: event.id } }).promise();\n`, template: v2, reports: ['whole'] },
    { title: 'The part that is needed', code: `import merge from 'lodash/merge';\nexport const handler = async (event) => merge({}, event.defaults, event.settings);\n`, reports: [] },
    { title: 'Loaded only where it is needed', code: `export const handler = async (event) => {\n  if (event.type !== 'report') return { statusCode: 204 };\n  const { google } = await import('googleapis');\n  return google.sheets('v4').spreadsheets.get({ spreadsheetId: event.sheet });\n};\n`, reports: [] },
    { title: 'One service of one API', code: `import { sheets } from '@googleapis/sheets';\nconst api = sheets({ version: 'v4' });\nexport const handler = async (event) => api.spreadsheets.get({ spreadsheetId: event.sheet });\n`, reports: [] },
  ],
  *check({ view }) {
    const { fn, project: { packages } } = view;
    const programs: string[] = [];
    for (const one of packageImports(view)) {
      if (one.when === 'rarely') continue;
      const at = { file: one.file, start: one.fact.start, end: one.fact.end };
      const key = `${one.file}:${one.fact.start}`;
      const heavy = heavyImport(one.specifier);
      if (heavy?.program) {
        programs.push(one.file);
      } else if (heavy) {
        const major = majorOf(packages?.manifestsAbove(one.file).find((manifest) => manifest.production.has(one.package) || manifest.development.has(one.package))?.versions?.get(one.package));
        // By name, out of a module that has no side effects: a bundler keeps what is used.
        const shaken = heavy.shakes && isBundled(view) && one.fact.form === 'static' && one.fact.names.length > 0 && one.fact.names.every((name) => name.imported !== '*' && name.imported !== 'default');
        if (shaken && one.specifier !== 'lodash') continue;
        const supply = supplyOf(view, one);
        // Where it is missing the function does not start: that is another rule's finding.
        if (supply.state === 'absent' && heavy.package === 'aws-sdk') continue;
        const bytes = packages?.installedBytes(one.package, one.file);
        const measured = heavy.measuredMajor === undefined || heavy.measuredMajor === major ? '' : `version ${heavy.measuredMajor}, `;
        const size = bytes === undefined ? `about ${heavy.megabytes} MB installed (${measured}${heavyImportsDate})` : `${(bytes / 1_000_000).toFixed(1)} MB installed here`;
        yield { message: 'whole', at, key, data: { name: one.specifier, size, loads: heavy.loads, instead: heavy.instead }, evidence: supply.evidence, suggestions: lighterImports(view, one) };
      } else if (one.package.startsWith('@aws-sdk/')) {
        const supply = supplyOf(view, one);
        if (supply.state === 'both') yield { message: 'bundledSdk', at, key, data: { name: one.package, by: supply.by ?? 'its own copy', runtime: fn.runtime?.value ?? 'the runtime' }, evidence: supply.evidence };
      }
    }
    for (const entry of importsLeadingTo(view, programs)) {
      yield { message: 'program', at: { file: entry.file, start: entry.fact.start, end: entry.fact.end }, key: `${entry.file}:${entry.fact.start}`, data: { name: entry.fact.source }, evidence: entry.evidence };
    }
  },
});

const bundlers: readonly string[] = ['esbuild', '@nx/esbuild', 'webpack', '@nx/webpack', 'rollup', '@nx/rollup', 'rolldown', 'tsup', 'tsdown', '@vercel/ncc', 'parcel', 'vite', '@rspack/cli', 'esbuild-loader', 'bun'];
const bundles = /\b(?:esbuild\b[^&|;]*--bundle|webpack|rollup|rolldown|tsup|tsdown|ncc build|parcel build|vite build|bun build|rspack)\b/;

/** Whether a bundler makes the package: declared, or of an archive or folder that is made elsewhere, one that its manifests have for it. */
function isBundled({ fn, project: { packages } }: FunctionView): boolean {
  if (fn.packaging?.form === 'bundled') return true;
  const [handler] = fn.handlers;
  if (!packages || !handler || !fn.packaging) return false;
  const { form, folder } = fn.packaging;
  // A folder that does not hold the handler's source is what a build writes.
  const isOutput = form === 'folder' && folder !== undefined && folder !== '' && !handler.file.startsWith(`${folder}/`);
  if (form !== 'unknown' && !isOutput) return false;
  return packages.manifestsAbove(handler.file).some((manifest) => manifest.scripts.some((script) => bundles.test(script))
    || bundlers.some((name) => manifest.development.has(name) || manifest.production.has(name)));
}
