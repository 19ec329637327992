import { describe, expect, it } from 'vitest';
import { brief, declared, env, lit, named } from './code-support.ts';

const manifest = (version: string, extra: object = {}) => JSON.stringify({ main: 'index.js', dependencies: { 'firebase-functions': version }, ...extra });
const project = (code: string, version = '^4.0.0', more: Record<string, string> = {}) => declared({ 'firebase.json': '{"functions":{"source":"cloud"}}', 'cloud/package.json': manifest(version), 'cloud/index.js': code, ...more });
const v1 = "const functions = require('firebase-functions');\n";

describe('Firebase, first generation', () => {
  it.each([
    ['functions.https.onRequest((req, res) => {})', { kind: 'http', source: 'https.onRequest', auth: { kind: 'none' } }],
    ['functions.https.onCall(async (data) => {})', { kind: 'http', source: 'https.onCall' }],
    ["functions.firestore.document('users/{id}').onWrite(() => {})", { kind: 'document', source: 'firestore.onWrite', resource: lit('users/{id}') }],
    ["functions.firestore.database('other').document('users/{id}').onCreate(() => {})", { kind: 'document', resource: lit('users/{id}') }],
    ["functions.database.ref('/rooms/{room}').onUpdate(() => {})", { kind: 'document', source: 'database.onUpdate', resource: lit('/rooms/{room}') }],
    ["functions.database.instance('x').ref('/a').onDelete(() => {})", { kind: 'document', resource: lit('/a') }],
    ['functions.storage.object().onFinalize(() => {})', { kind: 'bucket', filters: [{ kind: 'object', events: ['finalize'] }] }],
    ["functions.storage.bucket('pics').object().onDelete(() => {})", { kind: 'bucket', resource: lit('pics'), filters: [{ events: ['delete'] }] }],
    ["functions.pubsub.topic('jobs').onPublish(() => {})", { kind: 'topic', resource: lit('jobs') }],
    ["functions.pubsub.schedule('every 5 minutes').timeZone('UTC').onRun(() => {})", { kind: 'schedule', schedule: lit('every 5 minutes') }],
    ['functions.auth.user().onCreate(() => {})', { kind: 'auth', source: 'auth.onCreate' }],
    ['functions.auth.user().beforeSignIn(() => {})', { kind: 'auth' }],
    ['functions.remoteConfig.onUpdate(() => {})', { kind: 'custom', source: 'remoteConfig.onUpdate' }],
    ['functions.testLab.testMatrix().onComplete(() => {})', { kind: 'custom' }],
    ["functions.analytics.event('buy').onLog(() => {})", { kind: 'custom' }],
    ['functions.tasks.taskQueue({ retryConfig: { maxAttempts: 5 }, rateLimits: { maxConcurrentDispatches: 6 } }).onDispatch(() => {})', { kind: 'queue', maximumRetryAttempts: 4, maximumConcurrency: 6 }],
    ["functions.runWith({ failurePolicy: true }).pubsub.topic('t').onPublish(() => {})", { kind: 'topic', maximumRetryAttempts: -1 }],
  ])('%s', (code, expected) => {
    const fn = named(project(`${v1}exports.job = ${code};`), 'job');
    expect(fn.triggers[0]).toMatchObject(expected);
    expect(fn).toMatchObject({ generation: 'gen1', platform: 'firebase', foundBy: 'convention', handlers: [{ file: 'cloud/index.js', export: 'job' }], declaredAt: [{ file: 'cloud/index.js', line: 2 }] });
  });

  it('reads runWith and regions', () => {
    const fn = named(project(`${v1}const size = '1GB';\nexports.job = functions\n  .region('europe-west1')\n  .runWith({ timeoutSeconds: 300, memory: size,\n    minInstances: 2, maxInstances: 9 })\n  .https.onRequest(() => {});`), 'job');
    expect(fn).toMatchObject({
      region: lit('europe-west1'), timeoutSeconds: { value: 300, location: { file: 'cloud/index.js', line: 5 } }, memoryMb: { value: 1024 },
      provisionedConcurrency: { value: 2, location: { line: 6 } }, reservedConcurrency: { value: 9 },
    });
    expect(fn).not.toHaveProperty('memoryUnknown');
  });

  it('tells a timeout that is not known from one that is not set', () => {
    const job = (options: string) => named(project(`${v1}exports.job = functions.runWith(${options}).https.onRequest(() => {});`), 'job');
    expect(job('{ timeoutSeconds: Number(process.env.TIME) }')).toMatchObject({ timeoutUnknown: true });
    expect(job("require('shop-options')")).toMatchObject({ timeoutUnknown: true });
    expect(job('{ memory: "1GB" }')).not.toHaveProperty('timeoutUnknown');
    expect(job('{ timeoutSeconds: 9 }')).not.toHaveProperty('timeoutUnknown');
    const second = (first: string) => named(project(`const { onDocumentWritten } = require('firebase-functions/v2/firestore');\nexports.job = onDocumentWritten(${first}, () => {});`, '^5.0.0'), 'job');
    expect(second("'shops/{id}'")).not.toHaveProperty('timeoutUnknown');
    expect(second("{ document: 'shops/{id}' }")).not.toHaveProperty('timeoutUnknown');
    expect(second("{ document: 'shops/{id}', ...require('shop-options') }")).toMatchObject({ timeoutUnknown: true });
    expect(second("require('shop-options')")).toMatchObject({ timeoutUnknown: true });
  });

  it('tells memory that is not known from memory that is not set', () => {
    const job = (options: string) => named(project(`${v1}exports.job = functions.runWith(${options}).https.onRequest(() => {});`), 'job');
    expect(job('{ memory: process.env.SIZE }')).toMatchObject({ memoryUnknown: true });
    expect(job('{ timeoutSeconds: 9 }')).not.toHaveProperty('memoryUnknown');
  });
});

describe('Firebase, second generation', () => {
  const v2 = (module: string, name: string, call: string) => named(project(`const { ${name} } = require('firebase-functions/${module.startsWith("../") ? module.slice(3) : `v2/${module}`}');\nexports.job = ${call};`, '^5.0.0'), 'job');
  it.each([
    ['https', 'onRequest', 'onRequest({ cors: true }, (req, res) => {})', { kind: 'http', auth: { kind: 'none' } }],
    ['https', 'onCall', "onCall({ enforceAppCheck: true }, () => {})", { auth: { kind: 'identity', location: { line: 2 } } }],
    ['https', 'onCall', "onCall({ enforceAppCheck: false }, () => {})", { auth: { kind: 'none' } }],
    ['https', 'onRequest', "onRequest({ invoker: 'private' }, (req, res) => {})", { auth: { kind: 'identity', location: { line: 2 } } }],
    ['https', 'onRequest', "onRequest({ ingressSettings: 'ALLOW_INTERNAL_ONLY' }, (req, res) => {})", { auth: { kind: 'private' } }],
    ['https', 'onCall', 'onCall((request) => {})', { kind: 'http' }],
    ['scheduler', 'onSchedule', "onSchedule('every day 00:00', () => {})", { kind: 'schedule', schedule: lit('every day 00:00') }],
    ['scheduler', 'onSchedule', "onSchedule({ schedule: '0 * * * *', retryCount: 3 }, () => {})", { kind: 'schedule', schedule: lit('0 * * * *'), maximumRetryAttempts: 3 }],
    ['firestore', 'onDocumentWritten', "onDocumentWritten('users/{id}', () => {})", { kind: 'document', resource: lit('users/{id}') }],
    ['firestore', 'onDocumentUpdatedWithAuthContext', "onDocumentUpdatedWithAuthContext({ document: 'users/{id}', retry: true }, () => {})", { kind: 'document', resource: lit('users/{id}'), maximumRetryAttempts: -1 }],
    ['database', 'onValueCreated', "onValueCreated({ ref: '/a/{b}', instance: 'x' }, () => {})", { kind: 'document', resource: lit('/a/{b}') }],
    ['storage', 'onObjectFinalized', "onObjectFinalized({ bucket: 'pics', cpu: 2 }, () => {})", { kind: 'bucket', resource: lit('pics'), filters: [{ events: ['finalize'] }] }],
    ['storage', 'onObjectArchived', 'onObjectArchived(() => {})', { kind: 'bucket' }],
    ['pubsub', 'onMessagePublished', "onMessagePublished('jobs', () => {})", { kind: 'topic', resource: lit('jobs') }],
    ['pubsub', 'onMessagePublished', "onMessagePublished({ topic: process.env.TOPIC }, () => {})", { kind: 'topic', resource: env('TOPIC') }],
    ['tasks', 'onTaskDispatched', 'onTaskDispatched({ rateLimits: { maxConcurrentDispatches: 2 } }, () => {})', { kind: 'queue', maximumConcurrency: 2 }],
    ['eventarc', 'onCustomEventPublished', "onCustomEventPublished({ eventType: 'a.b', channel: 'c' }, () => {})", { kind: 'bus', resource: lit('c'), filters: [{ kind: 'pattern' }] }],
    ['identity', 'beforeUserCreated', 'beforeUserCreated(() => {})', { kind: 'auth' }],
    ['remoteConfig', 'onConfigUpdated', 'onConfigUpdated(() => {})', { kind: 'custom' }],
    ['testLab', 'onTestMatrixCompleted', 'onTestMatrixCompleted(() => {})', { kind: 'custom' }],
    ['alerts/crashlytics', 'onNewFatalIssuePublished', 'onNewFatalIssuePublished(() => {})', { kind: 'custom' }],
    ['../alerts/crashlytics', 'onNewFatalIssuePublished', 'onNewFatalIssuePublished(() => {})', { kind: 'custom' }],
  ])('%s %s', (module, name, call, expected) => {
    const fn = v2(module, name, call);
    expect(fn.triggers[0]).toMatchObject(expected);
    expect(fn.generation).toBe('gen2');
  });

  it('applies global options to what is made after them, in order of loading', () => {
    const result = project("import { setGlobalOptions } from 'firebase-functions/v2';\nimport { onRequest } from 'firebase-functions/v2/https';\nimport { early } from './early.js';\nsetGlobalOptions({ region: 'europe-north1', maxInstances: 2, timeoutSeconds: 90 });\nexport const late = onRequest({ timeoutSeconds: 30, concurrency: 5 }, () => {});\nexport { early };", '^6.0.0', {
      'cloud/early.js': "import { onRequest } from 'firebase-functions/v2/https';\nexport const early = onRequest(() => {});",
    });
    expect(named(result, 'late')).toMatchObject({ region: lit('europe-north1'), timeoutSeconds: { value: 30, location: { line: 5 } }, reservedConcurrency: { value: 10, location: { line: 4 } }, concurrencyPerInstance: 5 });
    expect(named(result, 'early').timeoutSeconds).toBeUndefined();
  });

  it('tells the generation of the whole package by its version', () => {
    const code = "import * as functions from 'firebase-functions';\nexport const job = functions.https.onRequest(() => {});";
    expect(named(project(code, '^6.1.0'), 'job').generation).toBe('gen2');
    expect(named(project(code, '5.1.0'), 'job').generation).toBe('gen1');
    expect(named(project(code, 'latest'), 'job').generation).toBeUndefined();
  });
});

describe('Firebase projects', () => {
  it('names groups of exports, through modules, loops and helpers', () => {
    const result = project(`${v1}exports.users = require('./users');\nexports.admin = { audit: { daily: functions.pubsub.schedule('every day').onRun(() => {}) } };\nconst watch = (path, run) => functions.firestore.document(path + '/{id}').onCreate(run);\nfor (const kind of ['cats', 'dogs']) exports[kind] = watch(kind, () => {});\n`, '^4.0.0', {
      'cloud/users.js': `${v1}const welcome = require('./mail').welcome;\nexports.onCreate = functions.auth.user().onCreate(welcome);\nexports.helper = () => 1;`,
      'cloud/mail.js': 'exports.welcome = async (user) => {};',
    });
    expect(brief(result)).toEqual([
      'firebase.json#admin-audit-daily cloud/index.js:daily schedule', 'firebase.json#cats cloud/index.js:cats document', 'firebase.json#dogs cloud/index.js:dogs document', 'firebase.json#users-onCreate cloud/mail.js:welcome auth',
    ]);
    expect(named(result, 'dogs').triggers[0]?.resource).toEqual(lit('dogs/{id}'));
  });

  it('reads codebases, built TypeScript and runtimes; other languages are left alone', () => {
    const result = declared({
      'firebase.json': '// comment\n{ "functions": [{ "source": "a", "codebase": "one" }, { "source": "b", "codebase": "two",\n "runtime": "nodejs20" }, { "source": "py" }], "emulators": { "functions": { "port": 1 } } }',
      'a/package.json': '{"main":"lib/main.js","engines":{"node":"18"},"dependencies":{"firebase-functions":"^4"}}', 'a/tsconfig.json': '{"compilerOptions":{"outDir":"lib","rootDir":"src"}}',
      'a/src/main.ts': "export * from './web';\n", 'a/src/web.ts': "import * as functions from 'firebase-functions/v1';\nexport const ping = functions.https.onRequest((req, res) => {});\nexport const unrelated = 1;",
      'a/lib/main.js': "exports.ping = require('firebase-functions').https.onRequest(() => {});",
      'b/package.json': '{"dependencies":{"firebase-functions":"^4"}}', 'b/index.js': "exports.ping = require('firebase-functions').https.onRequest(() => {});",
      'py/main.py': '', 'py/requirements.txt': '',
    });
    expect(brief(result)).toEqual(['firebase.json#ping a/src/web.ts:ping http', 'firebase.json#two:ping b/index.js:ping http']);
    expect(result.functions.map((fn) => [fn.runtime?.value, fn.runtime?.location.file, fn.runtime?.location.line])).toEqual([['nodejs18', 'a/package.json', 1], ['nodejs20', 'firebase.json', 3]]);
    expect(result.gaps).toEqual([]);
  });

  it('takes an open range of engines for no runtime', () => {
    const of = (node: string): string | undefined => declared({
      'firebase.json': '{"functions":{"source":"fn"}}', 'fn/package.json': manifest('^6', { engines: { node } }), 'fn/index.js': "exports.hello = require('firebase-functions').https.onRequest(() => {});",
    }).functions[0]?.runtime?.value;
    expect(['18', '^18', '>=18', '18 || 20'].map(of)).toEqual(['nodejs18', 'nodejs18', undefined, undefined]);
  });

  it('reads a package whose firebase.json is elsewhere, and no library', () => {
    const result = declared({
      'api/package.json': manifest('^4'), 'api/index.js': `exports.list = require('./list');`, 'api/list.js': `${v1}module.exports = functions.firestore.document('a/{b}').onCreate(() => {});`,
      'lib/package.json': manifest('^4'), 'lib/index.js': `${v1}exports.wrap = (run) => functions.https.onRequest(run);`,
      'firebase.json': '{"functions":{"source":"web"}}', 'web/package.json': manifest('^4'), 'web/index.js': `${v1}exports.site = functions.https.onRequest(() => {});`,
    });
    expect(brief(result)).toEqual(['api/package.json#list api/list.js:list document', 'firebase.json#site web/index.js:site http']);
    expect(named(result, 'list').triggers[0]?.resource).toEqual(lit('a/{b}'));
    expect(result.files).not.toContain('lib/package.json');
  });

  it('reads the environment that all projects share, and names queues of tasks', () => {
    const result = project("const { onTaskDispatched } = require('firebase-functions/v2/tasks');\nexports.work = onTaskDispatched(() => {});", '^5', { 'cloud/.env': '# note\nTOPIC=jobs # why\nexport NAME="a b"\nbroken\n', 'cloud/.env.prod': 'TOPIC=other' });
    expect([...named(result, 'work').environment]).toEqual([['TOPIC', lit('jobs')], ['NAME', lit('a b')]]);
    expect(named(result, 'work').triggers[0]).toMatchObject({ kind: 'queue', resource: lit('work') });
  });

  it('follows modules that are loaded by a pattern', () => {
    const trigger = "import { onRequest } from 'firebase-functions/v2/https';\nexport default onRequest(() => {});\nmodule.exports = exports.default;";
    const result = project("const glob = require('glob');\nconst camelCase = require('camelcase');\nconst files = glob.sync('./**/*.f.js', { cwd: __dirname, ignore: './node_modules/**' });\nfor (let f = 0, fl = files.length; f < fl; f++) {\n  const file = files[f];\n  const functionName = camelCase(file.slice(0, -5).split('/').join('_'));\n  if (!process.env.FUNCTION_NAME || process.env.FUNCTION_NAME === functionName) exports[functionName] = require(file);\n}\n", '^5', {
      'cloud/http/save-order.f.js': `${v1}module.exports = functions.https.onRequest(() => {});`, 'cloud/mail.f.js': `${v1}module.exports = functions.pubsub.topic('mail').onPublish(() => {});`, 'cloud/other.js': `${v1}exports.no = functions.https.onRequest(() => {});`,
      'cloud/node_modules/x/y.f.js': trigger,
    });
    expect(brief(result)).toEqual(['firebase.json#httpSaveOrder cloud/http/save-order.f.js:httpSaveOrder http', 'firebase.json#mail cloud/mail.f.js:mail topic']);
  });

  it('follows modules of a build that are loaded by a pattern, and names what a factory of another module makes by its own', () => {
    const loader = [
      "const glob = require('glob');", "const path = require('path');", "const folder = process.env.NODE_ENV === 'test' ? './src' : './dist';",
      "const files = glob.sync(folder + '/**/index.js', { cwd: __dirname, ignore: ['./node_modules/**'] });",
      'files.forEach((file) => {', "  const name = path.basename(path.dirname(file)).replace(/[-]/g, '');",
      '  !process.env.FUNCTION_NAME || process.env.FUNCTION_NAME === name ? (exports[name] = require(file).default) : () => {};', '});',
    ].join('\n');
    const trigger = (body: string) => `import * as functions from 'firebase-functions';\nimport { indexer } from '../utils/search';\nexport default functions.firestore.document('users/{id}').onWrite(${body});`;
    const result = project(loader, '^3', {
      'cloud/package.json': manifest('^3', { engines: { node: '14' } }), 'cloud/src/index-user/index.ts': trigger("indexer('users')"), 'cloud/src/removeUser/index.ts': trigger('async (change) => {}'),
      'cloud/src/utils/search.ts': 'export const indexer = (name) => async (change) => name;', 'cloud/src/removeUser/test/index.ts': trigger('() => {}'), 'cloud/src/removeUser/other.ts': trigger('() => {}'),
    });
    expect(brief(result)).toEqual(['firebase.json#indexuser cloud/src/index-user/index.ts:indexuser document', 'firebase.json#removeUser cloud/src/removeUser/index.ts:removeUser document']);
    expect(result.functions.map((fn) => fn.runtime?.value)).toEqual(['nodejs14', 'nodejs14']);
    expect(result.gaps).toEqual([]);
  });

  it('takes the index of a folder whose main module an unknown build makes, where it leads to functions', () => {
    const files = { 'firebase.json': '{"functions":{"source":"fn"}}', 'fn/package.json': manifest('^6', { main: 'bundle.js', engines: { node: '22' } }), 'fn/web.ts': "import { onRequest } from 'firebase-functions/https';\nexport const hello = onRequest(() => {});" };
    const result = declared({ ...files, 'fn/index.ts': "export * from './web.js';" });
    expect(brief(result)).toEqual(['firebase.json#hello fn/web.ts:hello http']);
    expect(named(result, 'hello')).toMatchObject({ generation: 'gen2', runtime: { value: 'nodejs22' } });
    const other = declared({ ...files, 'fn/index.ts': 'export const a = 1;' });
    expect(other.functions).toEqual([]);
    expect(other.gaps).toMatchObject([{ kind: 'handler', file: 'firebase.json' }]);
  });

  it('leaves out what only the emulator exports, and keeps what may be', () => {
    const result = project(`${v1}if (process.env.FUNCTIONS_EMULATOR) { exports.seed = functions.https.onRequest(() => {}); }\nif (process.env.BETA) exports.beta = functions.https.onRequest(() => {});\nexports.a = exports.b = functions.https.onRequest(() => {});\nmodule.exports.c = functions.https.onRequest(() => {});`);
    expect(result.functions.map((fn) => fn.name)).toEqual(['a', 'b', 'beta', 'c']);
  });

  it('ends on modules that export each other', () => {
    const files = Object.fromEntries(Array.from({ length: 12 }, (_one, index) => [`cloud/m${index}.js`, Array.from({ length: 12 }, (_two, other) => `exports.g${other} = require('./m${other}');`).join('\n')]));
    const started = Date.now();
    const result = project(`${v1}exports.all = require('./m0');\nexports.job = functions.https.onRequest(() => {});`, '^4', files);
    expect(result.functions.map((fn) => fn.name)).toEqual(['job']);
    expect(result.gaps.map((gap) => gap.kind)).toContain('program');
    expect(Date.now() - started).toBeLessThan(8_000);
  });

  it('finds the sources of a folder that a build makes', () => {
    const result = declared({
      'firebase.json': '{"functions":{"source":"dist/apps/api"}}', 'package.json': '{"dependencies":{"firebase-functions":"^4"}}', 'apps/api/project.json': '{"targets":{"build":{"options":{"outputPath":"dist/apps/api","main":"apps/api/src/start.ts"}}}}',
      'apps/api/src/start.ts': "import * as functions from 'firebase-functions';\nexport const ping = functions.https.onRequest(() => {});",
    });
    expect(brief(result)).toEqual(['firebase.json#ping apps/api/src/start.ts:ping http']);
    expect(declared({ 'firebase.json': '{"functions":{"source":"dist/fn"}}' }).gaps).toMatchObject([{ kind: 'source', file: 'firebase.json' }]);
  });

  it('leaves emulator and test projects alone', () => {
    const code = { 'functions/package.json': manifest('^4'), 'functions/index.js': `${v1}exports.a = functions.https.onRequest(() => {});` };
    for (const folder of ['_emulator', 'integration-tests', 'test', 'docs']) {
      expect(declared(Object.fromEntries([['firebase.json', '{"functions":{}}'], ...Object.entries(code)].map(([name, text]) => [`${folder}/${name}`, text]))).functions).toEqual([]);
    }
  });

  it('says what it can not follow', () => {
    expect(declared({ 'firebase.json': '{"functions":{"source":"../out"}}' }).gaps).toMatchObject([{ kind: 'source', file: 'firebase.json', line: 1 }]);
    expect(declared({ 'firebase.json': '{"functions":{}}', 'functions/package.json': '{"main":"lib/index.js"}' }).gaps).toMatchObject([{ kind: 'handler', file: 'firebase.json' }]);
    expect(declared({ 'firebase.json': '{"hosting":{}}', 'functions/package.json': '{}', 'functions/index.js': '' }).functions).toEqual([]);
  });
});

describe('extension.yaml', () => {
  it('declares functions and their triggers', () => {
    const result = declared({
      'ext/extension.yaml': `name: thumbs
resources:
  - name: makeThumb
    type: firebaseextensions.v1beta.function
    properties:
      location: \${param:LOCATION}
      runtime: nodejs18
      timeout: 120s
      availableMemoryMb: 512
      entryPoint: thumb
      eventTrigger:
        eventType: google.storage.object.finalize
        resource: projects/_/buckets/\${param:IMG_BUCKET}
  - name: sync
    type: firebaseextensions.v1beta.v2function
    properties:
      buildConfig: { runtime: nodejs20, entryPoint: sync }
      serviceConfig: { timeoutSeconds: 60, availableMemory: 1Gi }
      eventTrigger:
        eventType: google.cloud.firestore.document.v1.written
        eventFilters:
          - { attribute: database, value: (default) }
          - { attribute: document, value: "\${COLLECTION}/{id}", operator: match-path-pattern }
  - name: api
    type: firebaseextensions.v1beta.function
    properties: { httpsTrigger: {} }
`,
      'ext/firebase.json': '{"functions":{"source":"functions"}}', 'ext/functions/package.json': '{"main":"lib/index.js"}', 'ext/functions/tsconfig.json': '{"compilerOptions":{"outDir":"lib","rootDir":"src"}}',
      'ext/functions/src/index.ts': "import * as functions from 'firebase-functions/v1';\nexport * from './sync';\nexport const thumb = functions.handler.storage.object().onFinalize(async () => {});\nexport const api = functions.https.onRequest(() => {});",
      'ext/functions/src/sync.ts': 'export const sync = async () => {};',
    });
    expect(brief(result)).toEqual(['ext/extension.yaml#api ext/functions/src/index.ts:api http', 'ext/extension.yaml#makeThumb ext/functions/src/index.ts:thumb bucket', 'ext/extension.yaml#sync ext/functions/src/sync.ts:sync document']);
    expect(named(result, 'makeThumb')).toMatchObject({ timeoutSeconds: { value: 120, location: { line: 8 } }, memoryMb: { value: 512 }, generation: 'gen1', foundBy: 'infrastructure', triggers: [{ resource: env('IMG_BUCKET') }], declaredAt: [{ line: 3 }] });
    expect(named(result, 'sync')).toMatchObject({ memoryMb: { value: 1024 }, generation: 'gen2', runtime: { value: 'nodejs20' }, triggers: [{ resource: { kind: 'template', parts: [env('COLLECTION'), lit('/{id}')] } }] });
  });
});
