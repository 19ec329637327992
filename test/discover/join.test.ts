import { describe, expect, it } from 'vitest';
import { joinFunctions } from '../../src/discover/join.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';

const at = (file: string, line: number) => ({ file, line, column: 1, endLine: line, endColumn: 2 });
const make = (unit: string, name: string, file: string, rest: Partial<ServerlessFunction> = {}): ServerlessFunction => ({
  id: `${unit}#${name}`, name, unit, platform: 'aws', handlers: [{ file, export: 'handler', kind: 'handler' }], triggers: [], declaredAt: [at(unit, 1)], foundBy: 'infrastructure',
  environment: new Map(), layers: [], mounts: [], destinations: [], ...rest,
});
const ids = (functions: readonly ServerlessFunction[]) => joinFunctions(functions).map((fn) => [fn.id, fn.declaredAt.map((place) => place.file)]);

describe('joinFunctions', () => {
  it('joins one handler declared in two formats of a directory, first settings first', () => {
    const a = make('svc/serverless.yml', 'create', 'svc/a.js', { triggers: [{ kind: 'http', source: 'http', filters: [] }], timeoutSeconds: { value: 3, location: at('svc/serverless.yml', 2) } });
    const b = make('svc/template.yaml', 'CreateFunction', 'svc/a.js', { triggers: [{ kind: 'http', source: 'Api', filters: [] }, { kind: 'queue', source: 'SQS', filters: [] }], timeoutSeconds: { value: 9, location: at('svc/template.yaml', 2) } });
    const [joined, ...others] = joinFunctions([b, a]);
    expect(others).toEqual([]);
    expect(joined).toMatchObject({ id: 'svc/serverless.yml#create', timeoutSeconds: { value: 3 }, declaredAt: [{ file: 'svc/serverless.yml' }, { file: 'svc/template.yaml' }] });
    expect(joined?.triggers.map((trigger) => trigger.source)).toEqual(['http', 'SQS']);
  });

  it('keeps functions of one unit, of other directories and other exports apart', () => {
    expect(ids([make('t.yaml', 'A', 'a.js'), make('t.yaml', 'B', 'a.js')])).toHaveLength(2);
    expect(ids([make('x/t.yaml', 'A', 'a.js'), make('y/t.yaml', 'A', 'a.js')])).toHaveLength(2);
    expect(ids([make('t.yaml', 'A', 'a.js'), make('s.yaml', 'A', 'a.js', { handlers: [{ file: 'a.js', export: 'other', kind: 'handler' }] })])).toHaveLength(2);
    expect(ids([make('t.yaml', 'A', 'a.js', { handlers: [] }), make('s.yaml', 'A', 'a.js', { handlers: [] })])).toHaveLength(2);
  });

  it('pairs several functions of one handler by name', () => {
    expect(ids([make('s.yaml', 'A', 'a.js'), make('s.yaml', 'B', 'a.js'), make('t.yaml', 'B', 'a.js'), make('t.yaml', 'C', 'a.js')])).toEqual([
      ['s.yaml#A', ['s.yaml']], ['s.yaml#B', ['s.yaml', 't.yaml']], ['t.yaml#C', ['t.yaml']],
    ]);
  });

  it('sorts by code unit', () => {
    expect(ids([make('b.yaml', 'x', '1.js'), make('a.yaml', 'é', '2.js'), make('a.yaml', 'z', '3.js'), make('a.yaml', 'Z', '4.js')]).map(([id]) => id)).toEqual(['a.yaml#Z', 'a.yaml#z', 'a.yaml#é', 'b.yaml#x']);
  });
});

it('lets the template speak before the packaged copy of it', () => {
  const packaged = make('output.yaml', 'A', 'a.js', { packaging: { form: 'unknown', tool: 'sam', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' } });
  const source = make('template.yaml', 'A', 'a.js', { packaging: { form: 'folder', tool: 'sam', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' } });
  expect(ids([packaged, source])).toEqual([['template.yaml#A', ['template.yaml', 'output.yaml']]]);
});

describe('code that stands in a template', () => {
  const packaging = (inlineCode?: string) => ({ packaging: { form: 'inline' as const, tool: 'cloudformation', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' as const, ...(inlineCode === undefined ? {} : { inlineCode }) } });
  const inline = (unit: string, name: string, file: string, line: number, code?: string) =>
    make(unit, name, file, { ...packaging(code), declaredAt: [at(file, line)], handlers: [{ file, export: 'handler', kind: 'inline' }] });
  it('is one function of the service that takes the template in', () => {
    expect(ids([inline('svc/infra/edge.yml', 'Edge', 'svc/infra/edge.yml', 5), inline('svc/serverless.yml', 'Edge', 'svc/infra/edge.yml', 5)])).toEqual([['svc/serverless.yml#Edge', ['svc/infra/edge.yml']]]);
  });
  it('is one function of a template and the packaged copy beside it', () => {
    const own = make('svc/template.yaml', 'Work', 'svc/work.js');
    expect(ids([inline('svc/packaged.yaml', 'Connect', 'svc/packaged.yaml', 9, 'exports.handler = 1;'), inline('svc/template.yaml', 'Connect', 'svc/template.yaml', 7, 'exports.handler = 1;'), own])).toEqual([
      ['svc/template.yaml#Connect', ['svc/template.yaml', 'svc/packaged.yaml']], ['svc/template.yaml#Work', ['svc/template.yaml']],
    ]);
  });
  it.each([
    ['other code', inline('svc/b.yaml', 'Connect', 'svc/b.yaml', 7, 'exports.handler = 2;')],
    ['another name', inline('svc/b.yaml', 'Other', 'svc/b.yaml', 7, 'exports.handler = 1;')],
    ['another folder', inline('other/b.yaml', 'Connect', 'other/b.yaml', 7, 'exports.handler = 1;')],
  ])('stays apart with %s', (_, other) => {
    expect(ids([inline('svc/a.yaml', 'Connect', 'svc/a.yaml', 9, 'exports.handler = 1;'), other])).toHaveLength(2);
  });
});

describe('a copy of a service whose handlers lead nowhere', () => {
  const http = { triggers: [{ kind: 'http' as const, source: 'http', filters: [] }], timeoutSeconds: { value: 6, location: at('svc/offline/serverless.yml', 2) } };
  const copy = (name: string, rest: Partial<ServerlessFunction> = {}) => make('svc/offline/serverless.yml', name, '', { handlers: [], ...http, ...rest });
  const real = (name: string, unit = 'svc/template.yaml') => make(unit, name, `svc/src/${name}.js`);

  it('is the template beside it, and says what starts its functions', () => {
    const [pay, refund, ...others] = joinFunctions([copy('pay'), copy('refund'), real('pay'), real('refund'), real('audit')].reverse()).filter((fn) => fn.name !== 'audit');
    expect(others).toEqual([]);
    expect([pay, refund].map((fn) => [fn?.id, fn?.triggers.map((trigger) => trigger.kind), fn?.timeoutSeconds])).toEqual([['svc/template.yaml#pay', ['http'], undefined], ['svc/template.yaml#refund', ['http'], undefined]]);
  });

  it.each([
    ['one function', [copy('pay'), real('pay')], 2],
    ['a function that the template has not', [copy('pay'), copy('other'), real('pay'), real('refund')], 4],
    ['a handler of its own', [copy('pay'), copy('refund', { handlers: [{ file: 'svc/offline/a.js', export: 'handler', kind: 'handler' }] }), real('pay'), real('refund')], 4],
    ['a template of elsewhere', [copy('pay'), copy('refund'), real('pay', 'other/template.yaml'), real('refund', 'other/template.yaml')], 4],
    ['two templates', [copy('pay'), copy('refund'), real('pay'), real('refund'), make('svc/b/t.yaml', 'pay', 'svc/b/pay.js'), make('svc/offline/t.yaml', 'pay', 'x.js'), make('svc/offline/t.yaml', 'refund', 'y.js')], 7],
  ])('stays apart with %s', (_, functions, count) => expect(joinFunctions(functions)).toHaveLength(count));
});

describe('a template that was made of a program', () => {
  const cdk = (name: string, file: string, unit = 'svc/bin/app.ts') => make(unit, name, file);
  it('declares the program\'s functions once more', () => {
    const made = make('svc/template.yaml', 'ApiOrderHandler12AB34CD', 'svc/a.ts', { timeoutSeconds: { value: 9, location: at('svc/template.yaml', 2) } });
    const [joined, ...others] = joinFunctions([cdk('Shop/Api/OrderHandler', 'svc/a.ts'), made]);
    expect(others).toEqual([]);
    expect(joined).toMatchObject({ id: 'svc/bin/app.ts#Shop/Api/OrderHandler', timeoutSeconds: { value: 9 }, declaredAt: [{ file: 'svc/bin/app.ts' }, { file: 'svc/template.yaml' }] });
  });

  it.each([
    ['another id', 'svc/template.yaml', 'ApiOther12AB34CD', 'svc/a.ts'],
    ['no digits of a path', 'svc/template.yaml', 'ApiOrderHandler', 'svc/a.ts'],
    ['another handler', 'svc/template.yaml', 'ApiOrderHandler12AB34CD', 'svc/b.ts'],
    ['a template of elsewhere', 'other/template.yaml', 'ApiOrderHandler12AB34CD', 'svc/a.ts'],
  ])('is another one with %s', (_, unit, name, file) => {
    expect(ids([cdk('Shop/Api/OrderHandler', 'svc/a.ts'), make(unit, name, file)])).toHaveLength(2);
  });
});
