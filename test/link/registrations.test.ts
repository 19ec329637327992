import { describe, expect, test } from 'vitest';
import { deployed, project } from '../support/memory.ts';

/** Names of what a function's handler calls outside the repository. */
const calls = (code: string, part: string): readonly string[] => {
  const start = code.indexOf(part);
  const { fn } = project({ 'handler.js': code }, [deployed('F', 'handler.js', { platform: 'azure', handlers: [{ file: 'handler.js', export: 'one', kind: 'registered', at: { start, end: start + part.length } }] })]);
  return fn.calls('invoke').map((call) => call.callee.path.at(-1) ?? '');
};

describe('functions that a module registers with the platform', () => {
  test('are not steps of each other', () => {
    const code = `import { app } from '@azure/functions';\nimport { a, b } from 'x';\napp.http('one', { handler: async () => { await a(); } });\napp.storageQueue('two', { queueName: 'q', handler: async () => { await b(); } });\n`;
    expect(calls(code, 'async () => { await a(); }')).toEqual(['a']);
    expect(calls(code, 'async () => { await b(); }')).toEqual(['b']);
  });

  test('have the hooks of the application in common', () => {
    const code = `import { app } from '@azure/functions';\nimport { a, b } from 'x';\napp.hook.preInvocation(async () => { await b(); });\napp.http('one', { handler: async () => { await a(); } });\n`;
    expect(calls(code, 'async () => { await a(); }')).toEqual(['a', 'b']);
  });
});

describe('web applications of several functions in one module', () => {
  const head = "import express from 'express';\nimport * as functions from 'firebase-functions';\nimport { a, b, c, d } from 'x';\n";
  /** Names of what each export calls outside the repository in an invocation. */
  const of = (code: string, names: readonly string[], files: Readonly<Record<string, string>> = {}): Record<string, string> => {
    const linked = project({ 'index.js': head + code, ...files }, names.map((name) => deployed(name, 'index.js', { platform: 'firebase', handlers: [{ file: 'index.js', export: name, kind: 'http' }] })));
    return Object.fromEntries(names.map((name) => [name, linked.project.functions.find((fn) => fn.fn.name === name)?.calls('invoke').map((call) => call.callee.path.at(-1) ?? '').filter((called) => /^[abcd]$/.test(called)).sort().join('') ?? 'none']));
  };

  test('run their own routes only', () => {
    const code = `const one = express();\none.use(() => a());\none.get('/', () => b());\nconst two = express();\ntwo.post('/', () => c());\nexport const first = functions.https.onRequest(one);\nexport const second = functions.https.onRequest(two);\nexport const made = functions.firestore.document('x/{id}').onCreate(async () => { d(); });\n`;
    expect(of(code, ['first', 'second', 'made'])).toEqual({ first: 'ab', second: 'c', made: 'd' });
  });

  test('run what is mounted on them, in other files too', () => {
    const router = (name: string): string => `import express from 'express';\nimport { ${name} } from 'x';\nconst router = express.Router();\nexport default router.get('/', () => ${name}());\n`;
    const code = `import orders from './orders.js';\nimport clients from './clients.js';\nimport shared from './shared.js';\nconst one = express();\none.use('/orders', orders);\none.use(shared);\nconst two = express();\ntwo.use(clients, shared);\nexport const first = functions.https.onRequest(one);\nexport const second = functions.https.onRequest(two);\n`;
    expect(of(code, ['first', 'second'], { 'orders.js': router('a'), 'clients.js': router('b'), 'shared.js': router('c') })).toEqual({ first: 'ac', second: 'bc' });
  });

  test('run in a function that calls them itself, and where one application serves both', () => {
    const code = `const app = express();\napp.get('/', () => a());\nexport const first = functions.https.onRequest(app);\nexport const second = functions.https.onRequest((req, res) => { b(); return app(req, res); });\nexport const third = functions.https.onRequest(app);\n`;
    expect(of(code, ['first', 'second', 'third'])).toEqual({ first: 'a', second: 'ab', third: 'a' });
  });

  test('run in the functions of their own module, and not in those that load it beside', () => {
    const chat = `import * as functions from 'firebase-functions';\nimport express from 'express';\nimport { createEventAdapter } from '@slack/events-api';\nimport { a, b } from 'x';\nconst adapter = createEventAdapter('s');\nadapter.on('message', () => a());\nconst app = express();\napp.get('/', () => b());\nconst listener = adapter.requestListener();\nexport const chat = functions.https.onRequest((req, res) => listener(req, res));\nexport const web = functions.https.onRequest(app);\nexport const adapterOf = () => adapter;\n`;
    const run = (index: string, files: Record<string, string> = {}): string | undefined => {
      const list = [['own', 'index.js'], ['chat', 'chat.js'], ['web', 'chat.js']] as const;
      const linked = project({ 'index.js': `${head}${index}`, 'chat.js': chat, ...files }, list.map(([name, file]) => deployed(name, file, { platform: 'firebase', handlers: [{ file, export: name, kind: 'http' }] })));
      return linked.project.functions.map((view) => `${view.fn.name}:${view.calls('invoke').map((call) => call.callee.path.at(-1) ?? '').filter((called) => /^[abcd]$/.test(called)).sort().join('')}`).sort().join(' ');
    };
    const beside = "export { chat, web } from './chat.js';\n";
    expect(run(`${beside}export const own = functions.https.onRequest(() => c());\n`)).toBe('chat:a own:c web:b');
    // What it names itself, or through a helper that is nobody's handler, may be its own.
    expect(run(`${beside}import { adapterOf } from './chat.js';\nconst adapter = adapterOf();\nexport const own = functions.https.onRequest((req, res) => { c(); adapter.requestListener()(req, res); });\n`)).toContain('own:ac');
    expect(run(`${beside}import { serve } from './serve.js';\nexport const own = functions.https.onRequest((req, res) => serve(req, res));\n`, { 'serve.js': "import { adapterOf } from './chat.js';\nconst adapter = adapterOf();\nexport const serve = (req, res) => adapter.requestListener()(req, res);\n" })).toContain('own:a');
  });
});

describe('what packages are given where handlers are written', () => {
  const head = "import { app } from '@azure/functions';\nimport { pipe, wrap } from 'wrappers';\nimport { a, b, c, d } from 'x';\n";
  /** Names of what each handler, by its text, calls outside the repository in an invocation. */
  const of = (code: string, texts: readonly string[], files: Readonly<Record<string, string>> = {}): readonly string[] => {
    const source = head + code;
    const functions = texts.map((text, index) => {
      const start = source.indexOf(text);
      return deployed(`F${index}`, 'index.js', { platform: 'azure', handlers: [{ file: 'index.js', export: `F${index}`, kind: 'v4', at: { start, end: start + text.length } }] });
    });
    const linked = project({ 'index.js': source, ...files }, functions);
    return linked.project.functions.map((view) => [...new Set(view.calls('invoke').map((call) => call.callee.path.at(-1) ?? '').filter((name) => /^[abcd]$/.test(name)))].sort().join(''));
  };

  test('runs in that handler only', () => {
    const code = "app.http('one', { handler: wrap([], () => a()) });\napp.http('two', { handler: secured(() => b()) });\nfunction secured(run) { return wrap([() => c()], () => run()); }\n";
    expect(of(code, ['wrap([], () => a())', 'secured(() => b())'])).toEqual(['a', 'bc']);
  });

  test('also by way of what only its text names', () => {
    const code = "const entry = pipe(() => a(), wrap);\nexport const other = pipe(() => b(), wrap);\nconst both = pipe(() => c(), wrap);\napp.http('one', { handler: async (request) => { await entry(request); both(); } });\napp.http('two', { handler: async (request) => { both(await other(request)); } });\n";
    expect(of(code, ['async (request) => { await entry(request); both(); }', 'async (request) => { both(await other(request)); }'])).toEqual(['ac', 'bc']);
  });

  test('what stands beside them runs in all', () => {
    const code = "wrap(() => d());\napp.http('one', { handler: wrap(() => a()) });\napp.http('two', { handler: second });\nconst second = wrap(() => b());\n";
    expect(of(code, ['wrap(() => a())', 'second'])).toEqual(['ad', 'bd']);
  });

  test('exports too', () => {
    const names = ['one', 'two'];
    const linked = project({ 'index.js': `${head}export const one = wrap(() => a());\nconst inner = wrap(() => b());\nexport const two = wrap(inner);\n` }, names.map((name) => deployed(name, 'index.js', { handlers: [{ file: 'index.js', export: name, kind: 'handler' }] })));
    expect(linked.project.functions.map((view) => view.calls('invoke').map((call) => call.callee.path.at(-1)).filter((name) => name === 'a' || name === 'b').join(''))).toEqual(['a', 'b']);
  });
});

describe('components', () => {
  const of = (code: string): string => {
    const view = "import { send } from 'x';\nexport const View = ({ name }) => { send(name); return name; };\n";
    const { fn } = project({ 'pages/api/a.js': `import Shown from '../../shown';\nimport { load } from 'y';\nexport default async function one(req, res) { ${code} }\n`, 'shown.js': `import dynamic from 'next/dynamic';\nimport { memo } from 'react';\nimport { View } from './view';\nexport const Kept = memo(View);\nexport default dynamic(() => Promise.resolve(View), { ssr: false });\n`, 'view.js': view }, [deployed('F', 'pages/api/a.js', { platform: 'vercel', export: 'default' })]);
    return fn.calls('invoke').map((call) => call.callee.path.at(-1) ?? '').filter((name) => name === 'send' || name === 'load').join();
  };
  test('that a module only declares are not run by what imports it', () => expect(of('await load(Shown.name);')).toBe('load'));
});

describe('classes that a framework is handed', () => {
  const nest = (create: string): Readonly<Record<string, string>> => ({
    'main.ts': `import { NestFactory } from '@nestjs/core';\nimport serverlessExpress from '@codegenie/serverless-express';\nimport { AppModule } from './app.module';\nlet server;\nconst bootstrap = async () => { const app = await NestFactory.${create}(AppModule); await app.init(); return serverlessExpress({ app: app.getHttpAdapter().getInstance() }); };\nexport const handler = async (event, context) => { server ??= await bootstrap(); return server(event, context); };\n`,
    'app.module.ts': "import { Module } from '@nestjs/common';\nimport { CatsModule } from './cats';\n@Module({ imports: [CatsModule.forRoot()] })\nexport class AppModule {}\n",
    'cats.ts': "import { Body, Controller, Get, Module, Param } from '@nestjs/common';\nimport { Cats } from './store';\nimport { Logged } from 'other-decorators';\nimport { look } from 'x';\n@Controller('cats')\nexport class CatsController {\n  constructor(private readonly cats: Cats) {}\n  @Get(':id') one(@Param('id') id: string, @Body() body: unknown) { look(id, body); return this.cats.load(id); }\n  @Logged() helper() { look('never'); }\n}\n@Module({ controllers: [CatsController], providers: [{ provide: 'cats', useClass: Cats }] })\nexport class CatsModule { static forRoot() { return { module: CatsModule }; } }\n",
    'store.ts': "import { Injectable } from '@nestjs/common';\nimport { read, drop } from 'y';\n@Injectable()\nexport class Cats {\n  load(id: string) { return read(id); }\n  clear() { return drop(); }\n}\n",
  });
  const reached = (files: Readonly<Record<string, string>>): readonly string[] => project(files).fn.calls('invoke').map((call) => call.callee.path.at(-1) ?? '').filter((name) => /^(?:look|read|drop)$/.test(name));

  test('run the methods that carry its decorators, with what these give them', () => {
    expect(reached(nest('create')).toSorted()).toEqual(['look', 'read']);
    const { fn } = project(nest('create'));
    const look = fn.calls('invoke').find((call) => call.callee.path.at(-1) === 'look');
    expect([look?.arg(0), look?.arg(1)]).toEqual([{ kind: 'event', path: ['pathParameters', 'id'] }, { kind: 'event', path: ['body'] }]);
  });

  test('and nothing of an application without routes', () => expect(reached(nest('createApplicationContext'))).toEqual([]));

  test('of another family keep to themselves', () => {
    const files = (module: string): Readonly<Record<string, string>> => ({ 'main.ts': `import { createExpressServer } from 'routing-controllers';\nimport serverless from 'serverless-http';\nimport { Users } from './users';\nexport const handler = serverless(createExpressServer({ controllers: [Users] }));\n`, 'users.ts': `import { Get } from '${module}';\nimport { read } from 'y';\nexport class Users { @Get('/') all() { return read(); } }\n` });
    expect([reached(files('routing-controllers')), reached(files('@nestjs/common'))]).toEqual([['read'], []]);
    // What serves nothing that can be followed is a gap, what serves those methods is none.
    const gaps = (module: string): readonly string[] => { const linked = project(files(module)); linked.fn.reach(); return linked.project.gaps.map(({ kind }) => kind); };
    expect([gaps('routing-controllers'), gaps('@nestjs/common')]).toEqual([[], ['handler']]);
  });
});
