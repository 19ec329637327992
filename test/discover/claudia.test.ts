import { describe, expect, it } from 'vitest';
import { brief, discovered, find, triggersOf } from './web-support.ts';

const manifest = (scripts: Record<string, string>, more: object = {}): string => JSON.stringify({ name: 'shop', main: 'app.js', scripts, dependencies: { 'claudia-api-builder': '4' }, ...more }, null, 2);
const api = "const ApiBuilder = require('claudia-api-builder');\nconst api = new ApiBuilder();\nmodule.exports = api;\napi.get('/', () => 1);";

describe('Claudia', () => {
  it('reads the handler and settings of the script that creates the function', () => {
    const found = discovered({
      'svc/package.json': manifest({ test: 'vitest', create: 'claudia create --region eu-west-1 --handler lib/main.process --timeout 20 --memory=512 --runtime nodejs22.x --set-env "TABLE=orders,KEY=$KEY"', queue: 'claudia add-sqs-event-source --queue work --batch-size 5', nightly: "claudia add-scheduled-event --rate '1 day' --event e.json" }),
      'svc/lib/main.js': 'exports.process = async () => {};',
    });
    expect(found.functions).toMatchObject([{
      id: 'svc/package.json#shop', platform: 'aws', handlers: [{ file: 'svc/lib/main.js', export: 'process' }], timeoutSeconds: { value: 20, location: { file: 'svc/package.json', line: 6 } },
      memoryMb: { value: 512 }, runtime: { value: 'nodejs22.x' }, region: { value: 'eu-west-1' }, packaging: { tool: 'claudia', folder: 'svc' },
    }]);
    expect([...find(found, 'shop').environment]).toEqual([['TABLE', { kind: 'literal', value: 'orders' }], ['KEY', { kind: 'env', name: 'KEY' }]]);
    expect(triggersOf(found, 'shop')).toEqual(['queue', 'schedule rate(1 day)']);
    expect(find(found, 'shop').triggers[0]).toMatchObject({ batchSize: 5, resource: { value: 'work' } });
  });
  it('reads API modules, once for several stages', () => {
    const found = discovered({ 'package.json': manifest({ a: 'npx claudia create --api-module app --version dev', b: './node_modules/.bin/claudia create --api-module app --version prod', c: 'claudia update --version prod' }), 'app.js': api });
    expect(found.functions.map((fn) => fn.handlers)).toEqual([[{ file: 'app.js', export: 'default', kind: 'handler' }]]);
    expect(triggersOf(found, 'shop')).toEqual(['http * /{proxy+}']);
  });
  it('takes the state of a deployment for a sign', () => {
    expect(brief({ 'package.json': manifest({ deploy: 'claudia update' }), 'claudia.json': '{"lambda":{"name":"shop","region":"x"}}', 'app.js': api })).toEqual(['package.json#shop aws app.js:default']);
    expect(brief({ 'package.json': manifest({ deploy: 'claudia update' }), 'app.js': api })).toEqual([]);
  });
  it('takes the module of the state file, else the package’s export that takes an event', () => {
    const state = (more: object = {}): string => JSON.stringify({ lambda: { role: 'r', name: 'shop', region: 'eu-west-1' }, ...more });
    const plain = JSON.stringify({ name: 'shop', main: 'src/index.js', devDependencies: { claudia: '5' } });
    const code = 'module.exports = { lambda, handler };\nasync function lambda (event) { return handler([], event); }\nfunction handler (rules, event) {}';
    expect(brief({ 'package.json': plain, 'claudia.json': state(), 'src/index.js': code })).toEqual(['package.json#shop aws src/index.js:lambda']);
    expect(discovered({ 'package.json': plain, 'claudia.json': state(), 'src/index.js': 'exports.handler = (event, context) => {};' }).functions).toMatchObject([{ handlers: [{ export: 'handler' }], region: { value: 'eu-west-1' }, triggers: [] }]);
    expect(brief({ 'package.json': '{"name":"work"}', 'claudia.json': state(), 'index.js': 'exports.handler = async (event) => {};' })).toEqual(['package.json#work aws index.js:handler']);
    expect(brief({ 'package.json': plain, 'claudia.json': state({ api: { id: 'a', module: 'bot' } }), 'bot.js': api, 'src/index.js': code })).toEqual(['package.json#shop aws bot.js:default']);
    expect(brief({ 'package.json': plain, 'claudia.json': state(), 'src/index.js': 'exports.rules = [];' })).toEqual([]);
    expect(brief({ 'package.json': plain, 'claudia.json': '{"name":"other"}', 'src/index.js': code })).toEqual([]);
    expect(brief({ 'package.json': plain, 'src/index.js': code })).toEqual([]);
  });
  it('says what it lacks', () => {
    expect(discovered({ 'package.json': manifest({ create: 'claudia create --region x' }) }).gaps).toMatchObject([{ kind: 'handler', line: 5 }]);
    expect(discovered({ 'package.json': manifest({ create: 'claudia create --handler gone.handler' }) }).gaps).toMatchObject([{ kind: 'handler' }]);
  });
});

describe('Apex', () => {
  it('reads the functions of a project', () => {
    const found = discovered({
      'svc/project.json': '{\n  "name": "shop",\n  "role": "arn:x",\n  "runtime": "nodejs14.x",\n  "timeout": 5,\n  "environment": { "A": "1" }\n}',
      'svc/functions/work/index.js': 'exports.handle = () => {};', 'svc/functions/mail/src/send.js': 'exports.run = () => {};', 'svc/functions/mail/function.json': '{\n  "handler": "src/send.run",\n  "timeout": 60\n}', 'svc/functions/py/main.py': '',
    });
    expect(found.functions).toMatchObject([
      { id: 'svc/project.json#mail', handlers: [{ file: 'svc/functions/mail/src/send.js', export: 'run' }], timeoutSeconds: { value: 60, location: { file: 'svc/functions/mail/function.json', line: 3 } } },
      { id: 'svc/project.json#work', handlers: [{ file: 'svc/functions/work/index.js', export: 'handle' }], timeoutSeconds: { value: 5, location: { line: 5 } }, runtime: { value: 'nodejs14.x' } },
    ]);
    expect(found.gaps).toMatchObject([{ kind: 'handler' }]);
  });
  it('leaves other project files alone', () => {
    expect(brief({ 'project.json': '{"name":"x","targets":{"build":{"role":"y"}}}', 'functions/a/index.js': 'exports.handle = 1' })).toEqual([]);
  });
});
