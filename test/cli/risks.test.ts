import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { projectRoot, tree } from './support.ts';

const template = `Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src/\n      Handler: orders.handler\n      Runtime: nodejs22.x\n      Timeout: 30\n      Events:\n        Route:\n          Type: HttpApi\n          Properties: { Path: /orders, Method: post }\n`;
const code = `import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';\nimport { writeFileSync } from 'node:fs';\nconst table = new DynamoDBClient({});\nexport const handler = async (event) => {\n  writeFileSync('./last.json', event.body);\n  await table.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: event.body } } }));\n};\n`;

/** What a command line writes, run in this process. */
async function faaslint(cwd: string, ...argv: string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const out = { stdout: '', stderr: '' };
  const code_ = await run({
    argv, env: {}, cwd, stdout: { write: (text) => { out.stdout += text; } }, stderr: { write: (text) => { out.stderr += text; } }, now: () => 0, usage: () => ({ cpuMilliseconds: 0, peakBytes: 0 }),
  }, '1.2.3');
  return { code: code_, ...out };
}

describe('faaslint risks', () => {
  const root = tree({ 'template.yaml': template, 'src/orders.js': code });
  const asked = ['risks', root, '--root', root, '--date', '2026-11-21'];

  it('shows what applies, with figures, and succeeds whatever it finds', async () => {
    const { code: exit, stdout } = await faaslint(root, ...asked);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/error {4}The disk is no store \(003\): 1 of 1 function\n {9}no-disk-writes {2}1 finding in Orders\n {11}src\/orders.js:5 /);
    expect(stdout).toMatch(/Orders +\$2\.03 +1 {2}the API/);
    expect(stdout).not.toContain('no-vendor-lock-in');
  });

  it('takes no rule that is switched off for one that found nothing', async () => {
    const off = tree({ 'template.yaml': template, 'src/orders.js': code, 'faaslint.config.json': '{ "rules": { "no-disk-writes": "off" } }' });
    const { stdout } = await faaslint(off, 'risks', off, '--root', off, '--date', '2026-11-21');
    expect(stdout).toMatch(/^Switched off by the configuration, in part at least: the disk is no store \(003\)\.$/m);
    expect(stdout).not.toMatch(/^Nothing found:.*the disk is no store/m);
    expect((await faaslint(root, ...asked)).stdout).not.toContain('Switched off');
  });

  it('writes JSON by its schema, and Markdown', async () => {
    const { stdout } = await faaslint(root, ...asked, '--format', 'json');
    const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(projectRoot, 'schema/risks.json'), 'utf8')) as object);
    const data = JSON.parse(stdout) as { readonly portability: { readonly functions: readonly object[] } };
    expect(validate(data) || validate.errors).toBe(true);
    expect(data.portability.functions).toEqual([{ name: 'Orders', id: 'template.yaml#Orders', portableShare: 0, modules: 1, tied: ['src/orders.js'] }]);
    expect((await faaslint(root, ...asked, '--format', 'markdown')).stdout).toMatch(/^# Risks of /);
  });

  it('is the same each time', async () => {
    expect((await faaslint(root, ...asked)).stdout).toBe((await faaslint(root, ...asked)).stdout);
  });

  it('refuses a day that is none', async () => {
    const { code: exit, stderr } = await faaslint(root, 'risks', root, '--date', 'tomorrow');
    expect([exit, stderr]).toEqual([2, expect.stringContaining('"tomorrow" is no day')]);
  });
});
