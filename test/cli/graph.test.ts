import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it, test } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { faaslint, projectRoot, tree } from './support.ts';

async function cli(args: readonly string[], cwd = '/'): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const code = await run({
    argv: args, env: {}, cwd, stdout: { write: (text) => { out += text; } }, stderr: { write: (text) => { err += text; } },
    now: () => 0, usage: () => ({ cpuMilliseconds: 0, peakBytes: 0 }),
  }, '9.8.7');
  return { code, out, err };
}

const fn = (name: string, queue: string, next: string): string => `  ${name}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: ${name.toLowerCase()}.handler\n      Runtime: nodejs22.x\n      Environment: { Variables: { NEXT: !Ref ${next} } }\n      Events: { In: { Type: SQS, Properties: { Queue: !GetAtt ${queue}.Arn } } }\n`;
const send = "import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';\nconst sqs = new SQSClient({});\nexport const handler = async (event) => {\n  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.NEXT, MessageBody: event.body }));\n};\n";
/** One → Two → Three → One is a ring of queues A, B, C; Four writes to D, which nobody hears. */
const project = {
  'package.json': '{"name":"ring","private":true}',
  'app/template.yaml': `Transform: AWS::Serverless-2016-10-31\nResources:\n${['A', 'B', 'C', 'D', 'E'].map((name) => `  ${name}: { Type: AWS::SQS::Queue }\n`).join('')}${fn('One', 'A', 'B')}${fn('Two', 'B', 'C')}${fn('Three', 'C', 'A')}${fn('Four', 'E', 'D')}`,
  'app/one.mjs': send, 'app/two.mjs': send, 'app/three.mjs': send, 'app/four.mjs': send,
};

describe('faaslint graph', () => {
  const root = tree(project);
  const at = (...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> => cli(['graph', root, '--root', root, '--no-config', ...args], root);
  const labels = (out: string): string => (JSON.parse(out) as { nodes: { label: string }[] }).nodes.map((node) => node.label).sort().join(' ');

  it('draws Mermaid unless told otherwise, and ends with 0 whatever loops there are', async () => {
    const { code, out, err } = await at();
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^---\ntitle: "Event graph of [\w.-]+"\n---\nflowchart LR\n/);
    expect(out.match(/==>/g)).toHaveLength(6);
    expect(out).toMatch(/linkStyle [\d,]+ stroke:#c62828/);
  });

  it.each([['dot', /^digraph events \{\n/], ['svg', /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /], ['json', /^\{\n {2}"schemaVersion": 1,/]])('draws %s', async (format, start) => {
    const { code, out, err } = await at('--format', format);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(start);
  });

  it('gives JSON that its schema knows, without a path of the machine', async () => {
    const { out } = await at('--format', 'json');
    const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(projectRoot, 'schema/graph.json'), 'utf8')) as object);
    expect(validate(JSON.parse(out)), JSON.stringify(validate.errors)).toBe(true);
    expect(JSON.parse(out)).toMatchObject({ root: '.', tool: { version: '9.8.7' }, focus: [], loops: [{ number: 1, certainty: 'proved' }] });
    expect(out).not.toContain(root);
  });

  it('draws the part around a function', async () => {
    expect(labels((await at('--format', 'json', '--function', 'Four')).out)).toBe('D E Four');
    // Loops of the function are whole, however far they lead.
    expect(labels((await at('--format', 'json', '--function', 'One', '--depth', '1')).out)).toBe('A B C One Three Two');
    expect(labels((await at('--format', 'json', '--function', 'app/template.yaml#Four', '--depth', '0')).out)).toBe('Four');
    expect(labels((await at('--format', 'json', '--function', 'Four', '--function', 'Two', '--depth', '0')).out)).toBe('A B C Four One Three Two');
  });

  it('draws the part around what the paths hold', async () => {
    expect(labels((await cli(['graph', join(root, 'app/four.mjs'), '--root', root, '--no-config', '--format', 'json'], root)).out)).toBe('D E Four');
  });

  it('writes to a file, whole or not at all', async () => {
    mkdirSync(join(root, 'out'), { recursive: true });
    const { code, out } = await at('--format', 'svg', '--output-file', 'out/graph.svg');
    expect([code, out, readdirSync(join(root, 'out'))]).toEqual([0, '', ['graph.svg']]);
    expect(readFileSync(join(root, 'out/graph.svg'), 'utf8')).toMatch(/<\/svg>\n$/);
  });

  it.each([
    [['--function', 'Fore'], /there is no function "Fore"\. Did you mean "Four"\?/],
    [['--depth', 'two'], /--depth "two"/],
    [['--depth', '-1'], /--depth|argument/],
    [['--format', 'png'], /mermaid, dot, json, svg/],
    [['--fail-on', 'error'], /unknown option/],
    [['--output-file', 'no/such/folder/x.svg'], /was not written/],
  ])('%j is a usage error of one line', async (args, message) => {
    const { code, out, err } = await at(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).toMatch(/^faaslint: [^\n]+\n$/);
    expect(err).not.toContain('internal error');
  });

  it('ends with 2 where a file that functions need can not be used, unless that is allowed', async () => {
    const broken = tree({ ...project, 'app/four.mjs': 'export const handler = async (' });
    expect((await cli(['graph', broken, '--root', broken, '--no-config'], broken)).code).toBe(2);
    expect((await cli(['graph', broken, '--root', broken, '--no-config', '--allow-incomplete'], broken)).code).toBe(0);
  });

  it('says its options', async () => {
    const { code, out } = await cli(['graph', '--help']);
    expect(code).toBe(0);
    for (const option of ['--function', '--depth', '--format', '--output-file', '--root', '--stage', '--param', '--allow-incomplete']) expect(out).toContain(` ${option}`);
  });
});

test('the compiled tool draws without the layout package, whose licence it carries', () => {
  const root = tree(project);
  const svg = faaslint(root, ['graph', '--no-config', '--root', root, '--format', 'svg']);
  expect([svg.code, svg.stderr]).toEqual([0, '']);
  expect(svg.stdout).toContain('nothing ends it');
  expect(readFileSync(join(projectRoot, 'dist/src/report/layout.js'), 'utf8')).not.toMatch(/from\s*["']@?\w/);
  expect(existsSync(join(projectRoot, 'dist/THIRD_PARTY_NOTICES'))).toBe(true);
  const notices = readFileSync(join(projectRoot, 'dist/THIRD_PARTY_NOTICES'), 'utf8');
  for (const name of ['@dagrejs/dagre', '@dagrejs/graphlib', 'Permission is hereby granted']) expect(notices).toContain(name);
});
