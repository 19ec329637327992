import { describe, expect, it } from 'vitest';
import { discoverWith } from '../../src/discover/discover.ts';
import type { DiscoverOptions } from '../../src/discover/reader.ts';
import { serverlessReader } from '../../src/discover/serverless.ts';
import { splitVariables } from '../../src/discover/serverless-scan.ts';
import { memoryWorkspace } from './memory-workspace.ts';

/** Value of the environment variable X of the only function. */
function variable(expression: string, extra = '', files: Record<string, string> = {}, options: Partial<DiscoverOptions> = {}) {
  const service = `service: shop\nprovider:\n  name: aws\nfunctions:\n  f:\n    handler: app.handler\n    environment:\n      X: ${expression}\n${extra}`;
  const workspace = memoryWorkspace({ 'serverless.yml': service, 'app.js': '', ...files });
  const result = discoverWith([serverlessReader], workspace, { params: new Map(), ...options });
  return { value: result.functions[0]?.environment.get('X'), gaps: result.gaps, asked: workspace.asked };
}

const text = (value: unknown) => ({ kind: 'literal', value });
const derived = (what: string, name: unknown) => ({ kind: 'derived', what, from: [name], io: false });

describe('variables of a service', () => {
  it.each([
    ['${self:service}', text('shop')],
    ['a-${self:custom.x.y}-b', text('a-deep-b')],
    ['${self:custom.list.1}', text('two')],
    ['${self:custom.missing, "fallback"}', text('fallback')],
    ["${opt:stage, 'dev'}", text('dev')],
    ['${opt:stage, self:custom.x.y}', text('deep')],
    ['${opt:stage, ${self:custom.x.y}}', text('deep')],
    ['${self:custom.${self:custom.key}.y}', text('deep')],
    ['${env:SECRET, "none"}', text('none')],
    ['${strToBool(${self:custom.yes})}', text(true)],
    ['${AWS::Region}', text('${AWS::Region}')],
    ['${opt:stage}', { kind: 'env', name: 'sls:stage' }],
    ['${sls:stage}', { kind: 'env', name: 'sls:stage' }],
    ['${env:SECRET}', { kind: 'env', name: 'env:SECRET' }],
    ['${aws:accountId}', { kind: 'env', name: 'AWS::AccountId' }],
    ['${self:provider.region}', { kind: 'env', name: 'AWS::Region' }],
    ['${ssm:/a/b}', derived('parameter', text('/a/b'))],
    ['${ssm:/a/b~true}', derived('parameter', text('/a/b'))],
    ['${ssm(eu-west-1, raw):/a/${sls:stage}}', derived('parameter', { kind: 'template', parts: [text('/a/'), { kind: 'env', name: 'sls:stage' }] })],
    ['${ssm:/aws/reference/secretsmanager/shop}', derived('secret', text('shop'))],
    ['${cf.eu-west-1:stack.Out}', derived('stackOutput', text('stack.Out'))],
    ['${construct:jobs.queueUrl}', { kind: 'resource', unit: 'serverless.yml', id: 'jobs', attribute: 'QueueUrl' }],
    ['${cf:stack.Out}', derived('stackOutput', text('stack.Out'))],
    ['q-${sls:stage}', { kind: 'template', parts: [text('q-'), { kind: 'env', name: 'sls:stage' }] }],
    ['${self:custom.levels.${sls:stage}}', { kind: 'oneOf', options: [text('WARN'), text('DEBUG')] }],
  ])('%s', (expression, expected) => {
    const custom = 'custom:\n  key: x\n  yes: "true"\n  x: { y: deep }\n  list: [one, two]\n  levels: { prod: WARN, dev: DEBUG }\n';
    expect(variable(`'${expression.replaceAll("'", "''")}'`, custom).value).toEqual(expected);
  });

  it('honours --stage and --param', () => {
    expect(variable('${opt:stage, "dev"}-${sls:stage}', '', {}, { stage: 'prod' }).value).toEqual(text('prod-prod'));
    expect(variable('${param:size}', 'params:\n  default: { size: small }\n').value).toEqual(text('small'));
    expect(variable('${param:size}', 'params:\n  default: { size: small }\n', {}, { params: new Map([['size', 'big']]) }).value).toEqual(text('big'));
  });

  it('reads YAML and JSON files of the repository, with variables inside', () => {
    expect(variable('${file(./conf/a.yml):one.two}', '', { 'conf/a.yml': 'one: { two: "${self:service}!" }' }).value).toEqual(text('shop!'));
    expect(variable('${file(conf.json):a}', '', { 'conf.json': '{"a": 1}' }).value).toEqual(text(1));
    expect(variable('${file(missing.yml):a, "none"}').value).toEqual(text('none'));
    expect(variable('${file(c.${opt:stage}.yml):a}', '', { 'c.dev.yml': 'a: 1', 'c.prod.yml': 'a: 2' }).value).toEqual({ kind: 'oneOf', options: [text(1), text(2)] });
  });

  it('does not run programs and does not leave the root', () => {
    const program = variable('${file(./conf.js):a}', '', { 'conf.js': 'throw 1' });
    expect(program.value).toMatchObject({ kind: 'unknown' });
    expect(program.gaps).toContainEqual({ kind: 'variable', file: 'serverless.yml', line: 8, message: 'conf.js is a program: its value is not known' });
    for (const path of ['../secret.yml', '/etc/passwd', '~/x.yml']) {
      const outside = variable(`\${file(${path})}`);
      expect(outside.value).toMatchObject({ kind: 'unknown' });
      expect(outside.asked.every((file) => ['serverless.yml', 'app.js'].includes(file) || file.endsWith('.json'))).toBe(true);
    }
  });

  it('ends on cycles and explosions', () => {
    const cyclic = variable('${self:custom.a}', 'custom:\n  a: ${self:custom.b}\n  b: x${self:custom.a}\n');
    expect(JSON.stringify(cyclic.value)).toContain('cyclic');
    expect(cyclic.gaps.some((gap) => gap.kind === 'variable')).toBe(true);
    expect(variable('${self:}', '').gaps.some((gap) => gap.kind === 'variable')).toBe(true);
    expect(variable('${file(a.yml)}', '', { 'a.yml': 'x: ${file(a.yml)}' }).value).toBeDefined();
    const lines = Array.from({ length: 40 }, (_, i) => `  l${i}: ["\${self:custom.l${i + 1}}", "\${self:custom.l${i + 1}}", "\${self:custom.l${i + 1}}"]`);
    const started = Date.now();
    expect(variable('${self:custom.l0}', `custom:\n${lines.join('\n')}\n  l40: x\n`).value).toBeDefined();
    expect(Date.now() - started).toBeLessThan(3_000);
  });

  it('scans in linear time', () => {
    const started = Date.now();
    expect(splitVariables('${self:'.repeat(14_000))).toBeUndefined();
    expect(splitVariables('${self:a'.repeat(10))).toEqual([{ text: '${self:a'.repeat(10) }]);
    splitVariables('${a}'.repeat(24_000));
    expect(Date.now() - started).toBeLessThan(500);
  });
});
