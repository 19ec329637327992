import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';
import { brief, declared, lit, named } from './code-support.ts';

const unit = 'deploy/lib/launch.ts';
const ref = (id: string, attribute = 'Ref') => ({ kind: 'resource', unit, id, attribute });

describe('a whole CDKTF project', () => {
  const root = 'fixtures/discover/cdktf';
  const workspace = openWorkspace(root, { root });
  const find = (stage?: string) => discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map([['owner', 'me']]), ...(stage === undefined ? {} : { stage }) });
  const found = find();

  it('finds the function behind a construct, with its true source, once for all stages', () => {
    expect(brief(found)).toEqual([`${unit}#harbour-prod/worker-small/fn code/lambdas/src/unload.ts:ship queue,url`]);
    expect(brief(find('test'))).toEqual([`${unit}#harbour-test/worker-small/fn code/lambdas/src/unload.ts:ship queue,url`]);
    expect(found.gaps).toEqual([]);
  });

  it('reads settings and triggers as Terraform has them', () => {
    const fn = named(found, 'harbour-prod/worker-small/fn');
    expect(fn).toMatchObject({ physicalName: lit('harbour-worker-small'), runtime: { value: 'nodejs20.x' }, timeoutSeconds: { value: 25, location: { file: 'deploy/lib/worker.ts', line: 12 } }, declaredAt: [{ file: 'deploy/lib/worker.ts', line: 11 }] });
    expect([...fn.environment]).toEqual([['OWNER', lit('me')], ['SHIPS', ref('aws_sqs_queue.harbour-prod/ships-small', 'QueueUrl')]]);
    expect(fn.triggers).toMatchObject([{ kind: 'queue', source: 'SQS', batchSize: 8, maximumConcurrency: 2, resource: ref('aws_sqs_queue.harbour-prod/ships-small', 'Arn'), location: { file: unit, line: 17 } }, { kind: 'url', auth: { kind: 'identity' } }]);
  });

  it('knows resources of the one stage, and redrive links', () => {
    expect(found.resources.filter((resource) => resource.kind === 'queue').map((resource) => [resource.logicalId, resource.physicalName])).toEqual([['aws_sqs_queue.harbour-prod/ships-small', lit('ships-small')], ['aws_sqs_queue.harbour-prod/sunk', undefined]]);
    expect(found.links).toMatchObject([{ kind: 'redrive', to: ref('aws_sqs_queue.harbour-prod/sunk', 'Arn') }]);
  });
});

describe('CDKTF in parts', () => {
  it('says when the program is not there, and leaves other languages alone', () => {
    expect(declared({ 'cdktf.json': '{ "language": "typescript", "app": "npx ts-node none.ts" }' }).gaps).toMatchObject([{ kind: 'program', file: 'cdktf.json' }]);
    expect(declared({ 'cdktf.json': '{ "language": "python", "app": "pipenv run python main.py" }' })).toMatchObject({ functions: [], gaps: [] });
  });

  it('reads bindings that are made in the project and archives that data sources make', () => {
    const found = declared({
      'cdktf.json': '{ "app": "node main.js" }', 'fn/go.js': 'exports.now = async () => 1;',
      'main.js': `const { App, TerraformStack } = require("cdktf"); const { LambdaFunction } = require("./.gen/providers/aws/lambda-function"); const { DataArchiveFile } = require("@cdktf/provider-archive");\nconst app = new App(); const s = new TerraformStack(app, "s");\nconst zip = new DataArchiveFile(s, "zip", { type: "zip", sourceDir: __dirname + "/fn", outputPath: "fn.zip" });\nnew LambdaFunction(s, "f", { functionName: "f", filename: zip.outputPath, handler: "go.now", runtime: "nodejs20.x" });`,
    });
    expect(brief(found)).toEqual(['main.js#s/f fn/go.js:now ']);
  });
});
