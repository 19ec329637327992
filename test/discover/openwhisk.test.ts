import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import type { Infrastructure, ServerlessFunction } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const read = (files: Record<string, string>): Infrastructure => {
  const workspace = memoryWorkspace(files);
  return discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });
};
const briefs = (files: Record<string, string>): string[] => read(files).functions.map((fn) => `${fn.id} ${fn.handlers.map((handler) => `${handler.file}:${handler.export}`).join(' ')}`);
const named = (result: Infrastructure, name: string): ServerlessFunction => {
  const found = result.functions.find((fn) => fn.name === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
};
const main = 'function main(params) { return params; }\n';
const resource = (unit: string, id: string) => ({ kind: 'resource', unit, id, attribute: 'Name' });

const weather = {
  'weather/manifest.yml': `project:
  name: weather
  packages:
    forecast:
      inputs:
        KEY: $API_KEY
      actions:
        fetch:
          function: code/get.js
          main: run
          runtime: nodejs:20
          limits:
            timeout: 90000
            memorySize: 512
            concurrency: 20
        show:
          function: packed
          web: raw
        admin:
          function: built/admin.zip
          runtime: nodejs:default
          annotations:
            web-export: true
            require-whisk-auth: true
        scale:
          function: scale.py
        tiny:
          code: |
            function main() {}
          runtime: nodejs:18
        lost:
          function: none.js
      sequences:
        report:
          actions: fetch, forecast/show
          web: yes
      triggers:
        hourly:
          feed: /whisk.system/alarms/alarm
          inputs:
            cron: "0 * * * *"
        changed:
          feed: /whisk.system/cloudant/changes
      rules:
        everyHour:
          trigger: hourly
          action: report
        onChange:
          trigger: changed
          action: /_/forecast/admin
      apis:
        public:
          weather:
            today:
              show: GET
`,
  'weather/code/get.js': 'exports.run = () => {};\n', 'weather/packed/package.json': '{"main":"lib/start.js"}', 'weather/packed/lib/start.js': main, 'weather/actions/admin/index.js': 'exports.main = () => {};\n', 'weather/scale.py': '',
};

describe('OpenWhisk manifests', () => {
  it('tells what the deployment gives each invocation', () => {
    const result = read({ 'manifest.yml': 'packages:\n  p:\n    inputs:\n      KEY: $KEY\n    actions:\n      a:\n        function: a.js\n        inputs:\n          level: debug\n          KEY: other\n      b:\n        function: a.js\n  q:\n    actions:\n      c:\n        function: a.js\n', 'a.js': main });
    expect(result.functions.map((fn) => [fn.name, fn.boundParameters])).toEqual([['p/a', ['KEY', 'level']], ['p/b', ['KEY']], ['q/c', undefined]]);
  });

  it('gives the actions of a whole project, from their true source', () => {
    expect(briefs(weather)).toEqual([
      'weather/manifest.yml#forecast/admin weather/actions/admin/index.js:main', 'weather/manifest.yml#forecast/fetch weather/code/get.js:run', 'weather/manifest.yml#forecast/lost ',
      'weather/manifest.yml#forecast/show weather/packed/lib/start.js:main', 'weather/manifest.yml#forecast/tiny ',
    ]);
    const result = read(weather);
    expect(named(result, 'forecast/fetch')).toMatchObject({
      platform: 'openwhisk', runtime: { value: 'nodejs:20', location: { line: 11 } }, timeoutSeconds: { value: 90, location: { line: 13 } }, memoryMb: { value: 512 }, concurrencyPerInstance: 20, declaredAt: [{ line: 9 }],
      physicalName: { value: 'forecast/fetch' },
    });
    expect(named(result, 'forecast/tiny').packaging).toMatchObject({ form: 'inline', inlineCode: 'function main() {}\n' });
    expect(result.gaps.map((gap) => [gap.kind, gap.line])).toEqual([['handler', 32]]);
  });
  it('reads what invokes them: web addresses, sequences, rules and interfaces', () => {
    const result = read(weather);
    const of = (name: string) => named(result, name).triggers.map((trigger) => [trigger.kind, trigger.source, trigger.auth?.kind, trigger.filters[0], trigger.location?.line]);
    expect(of('forecast/fetch')).toEqual([
      ['invoke', 'sequence', undefined, undefined, 35], ['http', 'web', 'none', { kind: 'route', method: '*', path: '/forecast/report' }, 36], ['schedule', '/whisk.system/alarms/alarm', undefined, undefined, 46],
    ]);
    expect(named(result, 'forecast/fetch').triggers[2]).toMatchObject({ schedule: { value: '0 * * * *' }, resource: resource('weather/manifest.yml', 'Trigger:forecast/hourly') });
    expect(of('forecast/show')).toEqual([
      ['http', 'web', 'none', { kind: 'route', method: '*', path: '/forecast/show' }, 18], ['invoke', 'sequence', undefined, undefined, 35], ['http', 'api', 'none', { kind: 'route', method: 'GET', path: '/weather/today' }, 55],
    ]);
    expect(of('forecast/admin')).toEqual([['http', 'web', 'key', { kind: 'route', method: '*', path: '/forecast/admin' }, 23], ['document', '/whisk.system/cloudant/changes', undefined, undefined, 49]]);
    expect(of('forecast/tiny')).toEqual([['invoke', 'action', undefined, undefined, 28]]);
  });
  it('declares actions, sequences and triggers, and the steps of a sequence', () => {
    const result = read(weather);
    expect(result.resources.map((one) => `${one.logicalId} ${one.kind}`)).toEqual([
      'Action:forecast/admin other', 'Action:forecast/fetch other', 'Action:forecast/lost other', 'Action:forecast/show other', 'Action:forecast/tiny other', 'Sequence:forecast/report stateMachine', 'Trigger:forecast/changed other', 'Trigger:forecast/hourly schedule',
    ]);
    expect(result.links.map((link) => [link.kind, link.from, link.to])).toEqual([
      ['task', resource('weather/manifest.yml', 'Sequence:forecast/report'), resource('weather/manifest.yml', 'Action:forecast/fetch')], ['task', resource('weather/manifest.yml', 'Sequence:forecast/report'), resource('weather/manifest.yml', 'Action:forecast/show')],
    ]);
  });
  it('takes schedules and annotations from the deployment file', () => {
    const result = read({
      'manifest.yaml': 'packages:\n  p:\n    actions:\n      a:\n        function: a.js\n    triggers:\n      t:\n        feed: /whisk.system/alarms/alarm\n    rules:\n      r:\n        trigger: t\n        action: a\n',
      'deployment.yaml': 'project:\n  packages:\n    p:\n      actions:\n        a:\n          annotations:\n            web-export: true\n      triggers:\n        t:\n          inputs:\n            cron: "0 1 * * *"\n', 'a.js': main,
    });
    expect(named(result, 'p/a').triggers).toMatchObject([{ kind: 'http', source: 'web', location: { file: 'deployment.yaml', line: 7 } }, { kind: 'schedule', schedule: { value: '0 1 * * *' } }]);
  });
  it('leaves manifests of other tools alone', () => {
    for (const text of ['applications:\n- name: web\n  memory: 64M\n', 'kind: Deployment\nspec:\n  actions: []\n', 'packages:\n  a:\n    version: 1\n# actions\n', 'actions: yes\n', '- actions\n']) {
      const result = read({ 'manifest.yml': text, 'app.js': main });
      expect([result.functions, result.gaps, result.problems]).toEqual([[], [], []]);
    }
  });
  it('survives hostile manifests', () => {
    expect(read({ 'manifest.yml': `actions: ${'['.repeat(500)}` }).functions).toEqual([]);
    expect(briefs({ 'manifest.yml': 'packages:\n  __proto__:\n    actions:\n      constructor:\n        function: a.js\n      out:\n        function: ../../b.js\n', 'a.js': main })).toEqual(['manifest.yml#__proto__/constructor a.js:main', 'manifest.yml#__proto__/out ']);
  });
});

describe('App Builder', () => {
  it('follows includes, extensions and the folder of actions', () => {
    const result = read({
      'app.config.yaml': `application:
  actions: actions
  runtimeManifest:
    packages:
      shop:
        actions:
          $include: ./actions/shop/actions.yaml
        rules: {}
extensions:
  dx/excshell/1:
    $include: src/panel/ext.config.yaml
  dx/other/1:
    $include: src/missing.yaml
`,
      'actions/shop/actions.yaml': "order:\n  function: order/index.ts\n  web: 'yes'\n  annotations:\n    require-adobe-auth: true\n    final: true\nstock:\n  function: stock/index.js\n  web: 'no'\n",
      'actions/shop/order/index.ts': 'export async function main(params: object) {}\n', 'actions/shop/stock/index.js': 'exports.main = main;\nfunction main() {}\n',
      'src/panel/ext.config.yaml': 'actions: actions\nruntimeManifest:\n  packages:\n    panel:\n      actions:\n        list:\n          function: actions/list.js\n          web: true\n',
      'src/panel/actions/list.js': 'exports.main = async () => {};\n',
    });
    expect(result.functions.map((fn) => `${fn.id} ${fn.handlers[0]?.file ?? ''} ${fn.triggers[0]?.kind ?? ''} ${fn.triggers[0]?.auth?.kind ?? ''}`)).toEqual([
      'app.config.yaml#shop/order actions/shop/order/index.ts http identity', 'app.config.yaml#shop/stock actions/shop/stock/index.js invoke ', 'src/panel/ext.config.yaml#panel/list src/panel/actions/list.js http none',
    ]);
    expect(named(result, 'shop/order').declaredAt[0]).toMatchObject({ file: 'actions/shop/actions.yaml', line: 2 });
    expect(result.gaps).toMatchObject([{ kind: 'include', file: 'app.config.yaml', line: 13 }]);
  });
  it('maps built actions to their sources', () => {
    expect(briefs({ 'manifest.yml': 'packages:\n  p:\n    actions:\n      a:\n        function: actions/a.js\n', 'actions-src/a.ts': 'export const main = () => ({});' })).toEqual(['manifest.yml#p/a actions-src/a.ts:main']);
  });
});

describe('helix-deploy', () => {
  const script = '"scripts": { "deploy": "hedy -v --deploy" }';
  it('reads what it deploys, where and with which limits', () => {
    const result = read({
      'package.json': `{ "name": "@shop/worker", ${script},\n "hlx": { "target": "aws", "name": "shop/worker@\${version}",\n "memory": 2048, "timeout": 900000, "nodeVersion": 22, "awsRole!important": "r" } }`, 'src/index.js': 'export const main = async (request, context) => {};\n',
    });
    expect(result.functions).toMatchObject([{
      id: 'package.json#shop/worker@aws', platform: 'aws', handlers: [{ file: 'src/index.js', export: 'main' }], memoryMb: { value: 2048, location: { line: 3 } }, timeoutSeconds: { value: 900 }, runtime: { value: 'nodejs22.x' }, declaredAt: [{ line: 2 }],
    }]);
  });
  it('takes OpenWhisk without a target, and what is configured else', () => {
    const of = (settings: string) => read({ 'package.json': `{ "name": "w", ${script}, ${settings} }`, 'code/start.js': '', 'src/index.js': '' }).functions.map((fn) => [fn.name, fn.platform, fn.handlers[0]?.file, fn.triggers[0]?.auth?.kind]);
    expect(of('"wsk": { "entryFile": "code/start.js", "web-secure": "x" }')).toEqual([['w', 'openwhisk', 'code/start.js', 'key']]);
    expect(of('"hlx": { "awsRole": "r" }')).toEqual([['w@aws', 'aws', 'src/index.js', undefined]]);
    expect(of('"hlx": { "target": ["aws", "google"] }')).toEqual([['w@aws', 'aws', 'src/index.js', undefined], ['w@google', 'google', 'src/index.js', undefined]]);
    expect(of('"other": {}')).toEqual([]);
  });
  it('is not another tool with a key of that name', () => {
    expect(briefs({ 'package.json': '{ "name": "w", "wsk": { "a": 1 } }', 'src/index.js': '' })).toEqual([]);
    expect(read({ 'package.json': `{ "name": "w", ${script}, "hlx": {} }` }).gaps).toMatchObject([{ kind: 'handler', file: 'package.json', line: 1 }]);
  });
});

describe('a folder that a build makes', () => {
  const config = 'application:\n  runtimeManifest:\n    packages:\n      shop:\n        actions:\n          price:\n            function: dist/price\n            web: yes\n';
  const files = (more: Record<string, string>): Record<string, string> => ({ 'app.config.yaml': config, 'package.json': '{"name":"shop"}', ...more });
  it('is one of the same name among the sources', () => expect(briefs(files({ 'src/price/index.js': main }))).toEqual([expect.stringContaining('src/price/index.js:main')]));
  it('is the folder itself when it is there', () => {
    expect(briefs(files({ 'src/price/index.js': main, 'dist/price/package.json': '{"main":"start.js"}', 'dist/price/start.js': main }))).toEqual([expect.stringContaining('/price/')]);
  });
  it.each([['of another name', 'src/prices/index.js'], ['without an index', 'src/price/get.js']])('is none %s', (_, file) => {
    expect(read(files({ [file]: main })).gaps).toMatchObject([{ kind: 'handler', file: 'app.config.yaml' }]);
  });
});
