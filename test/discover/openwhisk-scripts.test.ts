import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { actionCommands } from '../../src/discover/openwhisk-shell.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import type { Infrastructure } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const read = (files: Record<string, string>): Infrastructure => {
  const workspace = memoryWorkspace(files);
  return discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });
};
const briefs = (files: Record<string, string>): string[] => read(files).functions.map((fn) => `${fn.id} ${fn.handlers.map((handler) => `${handler.file}:${handler.export}`).join(' ')}`);
const main = 'function main(params) {}\n';

describe('commands that deploy actions', () => {
  it('takes names, files and settings', () => {
    expect(actionCommands('#!/bin/bash\nwsk -i action update tools/send code/send.js \\\n  --kind nodejs:20 --web true -t 90000 --memory 512 \\\n  -a description "a; b" -p key "$KEY" --main run\n')).toEqual([
      { name: 'tools/send', path: 'code/send.js', folder: '', line: 2, secured: false, kind: 'nodejs:20', main: 'run', web: 'true', timeoutMs: 90_000, memoryMb: 512 },
    ]);
  });
  it('sees through other names of the tool, quotes and variables', () => {
    const found = actionCommands('PACKAGE=shop\nACTION="order"\nbx wsk action create ${PACKAGE}/$ACTION actions/$ACTION/index.js\nibmcloud fn action update other "$ROOT/x.js"\n"$WSK" --apihost h action create third \'y.js\'\n');
    expect(found.map((one) => [one.name, one.path.replaceAll('\0', '?'), one.line])).toEqual([['shop/order', 'actions/order/index.js', 3], ['other', '?/x.js', 4], ['third', 'y.js', 5]]);
  });
  it('follows cd, and leaves a folder at the end of its parentheses', () => {
    const found = actionCommands('(cd a && zip -r b.zip . && wsk action create one b.zip)\nwsk action create two two.js\ncd c\nwsk action create three three.js\ncd $X\nwsk action create four four.js\n');
    expect(found.map((one) => [one.name, one.folder])).toEqual([['one', 'a'], ['two', ''], ['three', 'c'], ['four', undefined]]);
  });
  it('takes calls of functions of the script', () => {
    const text = 'deployOne() {\n  wsk action update "$2" "$1"\n}\nhelp() {\n  echo "x"\n}\ndeployOne "$HOME_DIR/utils/echo.js" utils/echo -a final true\nhelp a.js b\n';
    expect(actionCommands(text).filter((one) => one.path.endsWith('.js')).map((one) => [one.name, one.path.replaceAll('\0', '?'), one.line])).toEqual([['utils/echo', '?/utils/echo.js', 7]]);
    expect(actionCommands('source "$DIR/whisk-util.sh"\ninstall "$CATALOG/slack/post.js" slack/post\ninstall -m 755 tool /usr/bin/tool\n').map((one) => one.name)).toEqual(['slack/post']);
  });
  it('leaves everything else alone', () => {
    expect(actionCommands('# wsk action create a a.js\nwsk action invoke a\nwsk action delete a\nwsk rule create r t a\ngh action create a a.js\nwsk action create s --sequence a,b\nwsk action update --help\n')).toEqual([]);
  });
  it('takes time in proportion to the text', () => {
    const start = performance.now();
    actionCommands(`${'wsk action create a '.repeat(5_000)}\n${'$'.repeat(50_000)}\n${'"'.repeat(50_000)}\n${'a() {\n'.repeat(5_000)}${'\n'.repeat(50_000)}${' '.repeat(50_000)}`);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('scripts', () => {
  it('give functions with the place of the command', () => {
    const files = { 'deploy/up.sh': 'wsk action update hello ../code/hello.js --web true --kind nodejs:20\nwsk action update other "$CODE/lib/only.js"\nwsk action update py x.py\nwsk action update lost "$CODE/none.js" --kind nodejs:20\n', 'code/hello.js': main, 'code/lib/only.js': main, 'x.py': '' };
    expect(briefs(files)).toEqual(['deploy/up.sh#hello code/hello.js:main', 'deploy/up.sh#other code/lib/only.js:main']);
    const result = read(files);
    expect(result.functions[0]).toMatchObject({ platform: 'openwhisk', foundBy: 'infrastructure', runtime: { value: 'nodejs:20' }, declaredAt: [{ file: 'deploy/up.sh', line: 1 }], triggers: [{ kind: 'http', auth: { kind: 'none' } }] });
    expect(result.functions[1]?.triggers).toMatchObject([{ kind: 'invoke', source: 'action' }]);
    expect(result.gaps).toEqual([{ kind: 'handler', file: 'deploy/up.sh', line: 4, message: 'lost: the file …/none.js of the action is not known' }]);
  });
  it('in manifests of packages, and not beside a manifest of actions', () => {
    expect(briefs({ 'package.json': '{\n "scripts": {\n  "deploy": "wsk action update hello src/hello.js --kind nodejs:18"\n } }', 'src/hello.js': main })).toEqual(['package.json#hello src/hello.js:main']);
    expect(briefs({ 'up.sh': 'wsk action update hello hello.js\n', 'manifest.yml': 'packages:\n  p:\n    actions:\n      hello:\n        function: hello.js\n', 'hello.js': main })).toEqual(['manifest.yml#p/hello hello.js:main']);
  });
});

describe('archives that the script packs', () => {
  const up = (zip: string) => ({ 'up.sh': `HOME_DIR="$(cd x && pwd)"\nKIND=\${KIND:="nodejs:14"}\ncd code\n${zip}\nwsk action update --kind "$KIND" feed "$HOME_DIR/code/feed.zip"\n` });
  const code = { 'code/run.js': main, 'code/index.js': main, 'code/lib/a.js': main, 'code/feed_package.json': '{"main":"run.js"}' };
  it.each([
    ['a manifest that is copied', 'cp -f feed_package.json package.json\nzip -r feed.zip lib package.json index.js', {}, 'code/run.js'],
    ['one script', 'zip -r feed.zip lib run.js -q', {}, 'code/run.js'],
    ['an index among scripts', 'zip -qr feed lib run.js index.js', {}, 'code/index.js'],
    ['everything, with a manifest', 'zip -r feed.zip .', { 'code/package.json': '{"main":"./run"}' }, 'code/run.js'],
    ['everything, with none', 'zip -r feed.zip *', {}, 'code/index.js'],
  ])('%s', (_, zip, more, file) => {
    const result = read({ ...code, ...more, ...up(zip) });
    expect(result.functions).toMatchObject([{ id: 'up.sh#feed', handlers: [{ file, export: 'main' }], runtime: { value: 'nodejs:14', location: { line: 2 } }, declaredAt: [{ line: 3 + zip.split('\n').length + 1 }] }]);
  });
  it.each([
    ['two scripts and no index', 'zip -r feed.zip run.js more.js'], ['a file that is not there', 'zip -r feed.zip gone.js'],
  ])('but not %s', (_, zip) => {
    const result = read({ ...code, ...up(zip) });
    expect(result.functions).toEqual([]);
    expect(result.gaps).toMatchObject([{ kind: 'handler', file: 'up.sh' }]);
  });
  it('and leaves an archive of another name to its folder', () => {
    expect(briefs({ ...code, ...up('zip -r other.zip run.js') })).toEqual(['up.sh#feed code/index.js:main']);
  });
});

describe('packages that a program zips', () => {
  const action = { 'package.json': '{"dependencies":{"openwhisk":"3"}}', 'work/resize/package.json': '{"main":"resize.js"}' };
  it('are actions when their main module exports main and the client is a dependency', () => {
    const result = read({ ...action, 'work/resize/resize.js': 'function main(args) { return args; }\nexports.main = main;\n' });
    expect(result.functions).toMatchObject([{ id: 'work/resize/package.json#resize', foundBy: 'evidence', handlers: [{ file: 'work/resize/resize.js', export: 'main' }], declaredAt: [{ file: 'work/resize/resize.js', line: 1 }] }]);
  });
  it('are actions beside a tool that deploys them, also when a package of the platform makes main', () => {
    const tool = { ...action, 'package.json': '{"devDependencies":{"openwhisk-action-manager":"0"}}' };
    expect(briefs({ ...tool, 'work/resize/resize.js': 'exports.main = (args) => args;' })).toEqual(['work/resize/package.json#resize work/resize/resize.js:main']);
    expect(briefs({ ...tool, 'work/resize/resize.js': "const routes = require('openwhisk-routes');\nexports.main = routes((action) => action.get('/', (args) => args));" })).toEqual(['work/resize/package.json#resize work/resize/resize.js:main']);
    expect(briefs({ ...tool, 'work/resize/resize.js': "const routes = require('other-routes');\nexports.main = routes((action) => action);" })).toEqual([]);
    expect(briefs({ 'package.json': tool['package.json'], 'work/_template/package.json': '{"main":"index.js"}', 'work/_template/index.js': 'exports.main = (args) => args;' })).toEqual([]);
  });
  it.each([
    ['no client', { ...action, 'package.json': '{}', 'work/resize/resize.js': 'exports.main = (a) => a;' }],
    ['no main', { ...action, 'work/resize/resize.js': 'exports.run = (a) => a; // main' }],
    ['a main of a program', { ...action, 'work/resize/resize.js': 'exports.main = (argc, argv) => argc;' }],
    ['a manifest beside it', { ...action, 'manifest.yml': 'packages:\n  p:\n    actions: {}\n', 'work/resize/resize.js': 'exports.main = (a) => a;' }],
  ])('but not with %s', (_, files) => {
    expect(briefs(files)).toEqual([]);
  });
});
