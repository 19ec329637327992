import { packageImports, supplyOf } from '../src/link/queries/packaged.ts';
import { defineRule } from '../src/rule.ts';

const template = (runtime: string): string => `AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Function:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: .\n      Handler: handler.handler\n      Runtime: ${runtime}\n`;

export default defineRule({
  id: 'no-unpackaged-dependency',
  title: 'Disallow imports that the deployed package does not contain',
  scope: 'function',
  category: 'size',
  preset: 'recommended',
  risk: 'The module is found on every developer’s machine and not in the cloud: the function fails at init, at every cold start, before its first line runs.',
  references: [
    { title: 'What is Serverless Architecture: an application with a lot of dependencies', document: '003' },
    { title: 'Serverless Architecture Overview: forced API upgrades', document: '004' },
    { title: 'AWS Lambda: runtimes and the SDK that they include', url: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html' },
    { title: 'AWS SAM: building Node.js functions', url: 'https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build.html' },
  ],
  messages: {
    missing: { severity: 'error', text: "'{name}' is not in the deployed package: {why}, and {runtime} does not bring it.", repair: 'Add it to the dependencies of the packaged manifest, or use what the runtime brings (SDK v3 from nodejs18.x).' },
    likely: { severity: 'warning', text: "'{name}' is most likely not in the deployed package: {why}, and {runtime} does not bring it.", repair: 'Add it to the dependencies of the packaged manifest, or use what the runtime brings (SDK v3 from nodejs18.x).' },
    untold: { severity: 'info', text: "'{name}' is in the deployed package only if something else brings it: {why}, and there is no lock file that tells.", repair: 'Add it to the dependencies of the packaged manifest.' },
  },
  options: {},
  examples: [
    { title: 'SDK v2 on a runtime without it', code: `const AWS = require('aws-sdk');\nexports.handler = async () => new AWS.S3().listBuckets().promise();\n`, template: template('nodejs22.x'), reports: ['missing'] },
    { title: 'SDK v2 on the last runtime that has it', code: `const AWS = require('aws-sdk');\nexports.handler = async () => new AWS.S3().listBuckets().promise();\n`, template: template('nodejs16.x'), reports: [] },
    { title: 'What may be missing', code: `let tracing;\ntry { tracing = require('dd-trace'); } catch { tracing = undefined; }\nexports.handler = async () => tracing?.scope();\n`, template: template('nodejs22.x'), reports: [] },
  ],
  *check({ view }) {
    for (const one of packageImports(view)) {
      // What is loaded on some ways only fails there, and is often meant for another place.
      if (one.when === 'rarely' || one.optional) continue;
      const supply = supplyOf(view, one);
      if (supply.state !== 'absent') continue;
      yield {
        message: supply.isOpen ? 'untold' : supply.assumption ? 'likely' : 'missing', at: { file: one.file, start: one.fact.start, end: one.fact.end }, key: `${one.file}:${one.fact.start}`, evidence: supply.evidence,
        data: { name: one.package, why: supply.why ?? '', runtime: view.fn.runtime?.value ?? 'the runtime' },
        ...(supply.assumption ? { assumptions: [supply.assumption] } : {}),
      };
    }
  },
});
