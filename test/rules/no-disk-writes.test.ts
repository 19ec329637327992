import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-disk-writes.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { literal, type Value } from '../../src/model/value.ts';
import { deployed, project } from '../support/memory.ts';

const head = `import fs from 'node:fs'; import { mkdtemp, open, rm, unlink, writeFile } from 'node:fs/promises'; import os from 'node:os'; import path from 'node:path'; import tmp from 'tmp'; import tmpAsync from 'tmp-promise'; import { use } from './use';\n`;

/** Message ids and line numbers of the findings in `a.mjs`, after its imports. */
function scan(source: string, extra: Partial<ServerlessFunction> = {}): readonly string[] {
  const { fn, project: whole } = project({ 'a.mjs': head + source, 'use.mjs': 'export const use = async (p) => fetch(p);' }, [deployed('F', 'a.mjs', extra)]);
  return [...rule.check({ view: fn, options: {} })].map((report) => `${report.message}@${'start' in report.at ? whole.location(report.at).line - 1 : report.at.line - 1}`);
}

const handler = (body: string): string => `export const handler = async (event) => {\n${body}\n};`;

describe('no-disk-writes reports', () => {
  it.each<[string, string, readonly string[]]>([
    ['a path from the working directory', `await writeFile(path.join(process.cwd(), 'out.txt'), event.x);`, ['readOnly@2']],
    ['path.resolve of a relative name', `await writeFile(path.resolve('out.txt'), event.x);`, ['readOnly@2']],
    ['the task root', 'await writeFile(`${process.env.LAMBDA_TASK_ROOT}/out.txt`, event.x);', ['readOnly@2']],
    ['import.meta.dirname', `await writeFile(path.join(import.meta.dirname, 'out.txt'), event.x);`, ['readOnly@2']],
    ['a URL beside the module', `await writeFile(new URL('./out.txt', import.meta.url), event.x);`, ['readOnly@2']],
    ['a folder outside the temporary one', `fs.mkdirSync('/data/cache');`, ['readOnly@2']],
    ['a rename out of the temporary folder', `fs.renameSync(event.from, '/opt/data.bin');`, ['readOnly@2']],
    ['a handle opened for writing', `const file = await open('/tmp/log', 'a');`, ['leftBehind@2']],
    ['TMPDIR', 'await writeFile(`${process.env.TMPDIR}/x`, event.x);', ['leftBehind@2']],
    ['removed on success only', `const p = '/tmp/x';\nawait writeFile(p, event.x);\nawait use(p);\nawait unlink(p);`, ['leftBehind@3']],
    ['removed on failure only', `const p = '/tmp/x';\nawait writeFile(p, event.x);\ntry { await use(p); } catch (error) { await unlink(p); throw error; }`, ['leftBehind@3']],
    ['another file removed', `try {\nawait writeFile('/tmp/a', event.x); } finally { await unlink('/tmp/b'); }`, ['leftBehind@3']],
    ['a folder of which the name is only the beginning', `try {\nawait writeFile('/tmp/ab', event.x); } finally { await rm('/tmp/a', { recursive: true }); }`, ['leftBehind@3']],
    ['forgotten removal', `try {\nawait writeFile('/tmp/a', event.x); } finally { unlink('/tmp/a'); }`, ['leftBehind@3']],
    ['callback removal that nobody waits for', `try {\nawait writeFile('/tmp/a', event.x); } finally { fs.unlink('/tmp/a', () => {}); }`, ['leftBehind@3']],
    ['return before the removal inside the try', `try {\nawait writeFile('/tmp/a', event.x);\nif (event.quick) return 1;\nawait unlink('/tmp/a'); } catch (error) { await unlink('/tmp/a'); throw error; }`, ['leftBehind@3']],
    ['work in front of the try in then', `return writeFile('/tmp/a', event.x).then(async () => { await use('/tmp/a'); try { await use('/tmp/a'); } finally { await unlink('/tmp/a'); } });`, ['leftBehind@2']],
    ['work between write and try', `await writeFile('/tmp/a', event.x);\nawait use('/tmp/a');\ntry { await use('/tmp/a'); } finally { await unlink('/tmp/a'); }`, ['leftBehind@2']],
    ['temporary folder that stays', `const folder = await mkdtemp(path.join(os.tmpdir(), 'x-'));`, ['leftBehind@2']],
    ['file in a temporary folder that stays', `const folder = await mkdtemp(path.join(os.tmpdir(), 'x-'));\nawait writeFile(path.join(folder, 'a'), event.x);`, ['leftBehind@2', 'leftBehind@3']],
    ['path from the event', `await writeFile(event.path, event.x);`, ['unknownPath@2']],
    ['one of two folders', `await writeFile(event.a ? '/tmp/a' : '/srv/a', event.x);`, ['unknownPath@2']],
    ['a stream', `fs.createWriteStream('/tmp/a');`, ['leftBehind@2']],
    ['another object of tmp', `const other = tmp.fileSync();\nconst file = tmp.fileSync();\ntry { await use(file.name); } finally { other.removeCallback(); }`, ['leftBehind@2', 'leftBehind@3']],
    ['the object of tmp on success only', `const file = tmp.fileSync();\nawait use(file.name);\nfile.removeCallback();`, ['leftBehind@2']],
    ['a clean-up that nobody waits for', `const { path: at, cleanup } = await tmpAsync.file();\ntry { await use(at); } finally { cleanup(); }`, ['leftBehind@2']],
  ])('%s', (_name, body, expected) => expect(scan(handler(body))).toEqual(expected));

  it('a write at init', () => expect(scan(`fs.writeFileSync('./started', 'x');\nexport const handler = async () => 1;`)).toEqual(['readOnly@1']));
  it('what is lost where the disk is writable', () => expect(scan(handler(`await writeFile('./a', event.x);`), { platform: 'google' })).toEqual(['lost@2']));
});

describe('no-disk-writes lowers to info what is removed', () => {
  it.each<[string, string]>([
    ['finally', `try { await writeFile('/tmp/a', event.x); await use('/tmp/a'); } finally { await unlink('/tmp/a'); }`],
    ['what then is given', `return writeFile('/tmp/a', event.x).then(async () => { try { await use('/tmp/a'); } finally { await unlink('/tmp/a'); } });`],
    ['what then is given, on both ways', `return writeFile('/tmp/a', event.x).then(async () => { try { await use('/tmp/a'); } catch (e) { await unlink('/tmp/a'); throw e; } await unlink('/tmp/a'); });`],
    ['the object of tmp', `const file = tmp.fileSync();\ntry { await use(file.name); } finally { file.removeCallback(); }`],
    ['the object of tmp-promise, made at once', `const file = tmpAsync.fileSync();\ntry { await use(file.name); } finally { file.removeCallback(); }`],
    ['the parts of what tmp-promise gives', `const { path: at, cleanup } = await tmpAsync.file();\ntry { await use(at); } finally { await cleanup(); }`],
    ['finally with a swallowed error', `try { await writeFile('/tmp/a', event.x); } finally { await unlink('/tmp/a').catch(() => {}); }`],
    ['finally, synchronous', `try { fs.writeFileSync('/tmp/a', event.x); } finally { fs.unlinkSync('/tmp/a'); }`],
    ['the folder around it', `try { await writeFile('/tmp/d/a', event.x); } finally { await rm('/tmp/d', { recursive: true }); }`],
    ['catch and after', `await writeFile('/tmp/a', event.x); const n = 1; try { await use('/tmp/a'); } catch (error) { await unlink('/tmp/a'); throw error; } await unlink('/tmp/a');`],
    ['catch and end of the block', `try { await writeFile('/tmp/a', event.x); await use('/tmp/a'); await unlink('/tmp/a'); } catch (error) { await unlink('/tmp/a'); throw error; }`],
    ['finally of the promise', `return writeFile('/tmp/a', event.x).then(() => use('/tmp/a')).finally(() => unlink('/tmp/a'));`],
  ])('%s', (_name, body) => expect(scan(handler(body)).map((line) => line.split('@')[0])).toEqual(['removed']));
});

describe('no-disk-writes stays quiet', () => {
  it.each<[string, string]>([
    ['a read', `fs.readFileSync('./page.html');`],
    ['a handle opened for reading', `await open('./page.html', 'r');`],
    ['a handle opened without flags', `await open('./page.html');`],
    ['the null device', `fs.writeFileSync('/dev/null', event.x);`],
    ['the standard output by descriptor', `fs.writeFileSync(1, event.x);`],
    ['a stream onto a descriptor', `fs.createWriteStream('', { fd: process.stdout.fd });`],
    ['standard error', `process.stderr.write(event.x);`],
    ['a method of the same name', `const store = { writeFile: (p) => p }; store.writeFile('./a');`],
    ['a parameter of the same name', `const save = (writeFile) => writeFile('./a'); save((p) => p);`],
    ['only a removal', `await unlink('/tmp/a');`],
    ['only a check', `fs.existsSync('/srv/a'); fs.statSync('/srv/a');`],
    ['a list of a folder', `fs.readdirSync('/srv');`],
    ['a read stream', `fs.createReadStream('/srv/a');`],
    ['a name handed on', `return { handler: writeFile.name };`],
    ['the folder of tmp, removed by its path', `const folder = tmp.dirSync();\nconsole.log('working in', folder.name);\nconst file = folder.name + '/a';\ntry { await use(file); } finally { await rm(folder.name, { recursive: true }); }`],
    ['a folder made and removed', `const folder = await mkdtemp(path.join(os.tmpdir(), 'x-')); try { await use(folder); } finally { await rm(folder, { recursive: true }); }`],
    ['a buffer', `Buffer.from(event.x).write('a');`],
    ['an HTTP response', `event.res.write('a');`],
    ['a path that is only built', `path.join('/srv', event.name);`],
    ['a watch', `fs.accessSync('/srv/a');`],
    ['a change of mode of nothing', `console.log(fs.constants.W_OK);`],
  ])('%s', (_name, body) => expect(scan(handler(body))).toEqual([]));

  it('a function that nobody calls', () => expect(scan(`const unused = () => fs.writeFileSync('./a', 'x');\nexport const handler = async () => 1;`)).toEqual([]));
  it('what only a developer’s machine does', () => {
    const asked = (test: string): readonly string[] => scan(handler(`if (${test}) use('x').then((text) => fs.writeFileSync('swagger.json', text));`));
    expect(asked('process.env.IS_OFFLINE')).toEqual([]);
    expect(asked('event.config.get("NODE_ENV") === Environment.Local')).toEqual([]);
    expect(asked('event.config.get("NODE_ENV") !== Environment.Local')).toEqual(['readOnly@2']);
    expect(asked('process.env.VERBOSE')).toEqual(['readOnly@2']);
  });
  it('what runs only where the platform is not', () => {
    const asked = (test: string): readonly string[] => scan(handler(`const onLambda = !!process.env.AWS_LAMBDA_FUNCTION_NAME; if (${test}) fs.writeFileSync('a.json', 'x');`));
    const quiet = ['process.env.AWS_LAMBDA_FUNCTION_NAME === undefined', '!process.env.AWS_EXECUTION_ENV', '!onLambda', 'process.env.AWS_LAMBDA_FUNCTION_NAME === undefined && event.tiles'];
    for (const test of quiet) expect([test, asked(test)]).toEqual([test, []]);
    const loud = [
      'process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined', 'process.env.AWS_EXECUTION_ENV', 'onLambda', 'process.env.AWS_LAMBDA_FUNCTION_NAME === undefined || event.tiles', '!process.env.TILES',
      'process.env.AWS_LAMBDA_FUNCTION_NAME !== "tiles"',
    ];
    for (const test of loud) expect([test, asked(test)]).toEqual([test, ['readOnly@2']]);
  });
  it('mounted storage', () => expect(scan(handler(`await writeFile('/mnt/share/a', event.x);`), { mounts: ['/mnt/share'] })).toEqual([]));
  it('a folder made for a file on mounted storage', () => expect(scan(handler('const file = path.join("/mnt/share", event.name);\nfs.mkdirSync(path.dirname(file), { recursive: true });\nawait writeFile(file, event.x);'), { mounts: ['/mnt/share'] })).toEqual([]));
  it('a folder that is sought upwards, which has no end that is known', () => {
    const upwards = 'let current = event.file;\nwhile (current !== (current = path.dirname(current))) { if (fs.existsSync(path.join(current, "x"))) break; }\nawait writeFile(path.join(current, "a"), event.x);';
    expect(scan(handler(upwards), { mounts: ['/mnt/share'] })).toEqual(['unknownPath@4']);
    expect(scan(handler(upwards.replace('event.file', '"/mnt/share/a/b"')), { mounts: ['/mnt/share'] })).toEqual([]);
  });
  it('mounted storage by a variable', () => expect(scan(handler('await writeFile(`${process.env.SHARE}/a`, event.x);'), { mounts: ['/mnt/share'], environment: new Map<string, Value>([['SHARE', literal('/mnt/share')]]) })).toEqual([]));
});

describe('a package that puts a file system in the place of Node.js’s', () => {
  const save = (from: string): string => `import { mount, withMounts } from '${from}';\n${handler("await withMounts(async () => { mount('/project', event.stub); await writeFile('/project/a.txt', 'x'); });")}`;
  it('is written to no disk', () => expect(scan(save('worker-fs-mount'), { platform: 'cloudflare' })).toEqual([]));
  it('is known by its name', () => expect(scan(save('worker-mounts'), { platform: 'cloudflare' })).toEqual(['lost@3']));
});

describe('no-disk-writes reads command lines', () => {
  const run = (line: string): readonly string[] => scan(`import { execSync, spawnSync } from 'node:child_process'; import ffmpeg from 'ffmpeg-static';\n${handler(line)}`).map((one) => one.split('@')[0] ?? '');
  it.each<[string, string, readonly string[]]>([
    ['a command after a shell condition', 'execSync(`if ! [ -d /tmp/home ]; then\\n cp -r home /tmp/home\\nfi`);', ['leftBehind']],
    ['a tool whose path a package gives', "spawnSync(ffmpeg, ['-i', 'https://media.example/a.mp4', '/tmp/a.jpg']);", ['leftBehind']],
    ['a condition alone', 'execSync(`if [ -d /tmp/home ]; then\\n ls /tmp/home\\nfi`);', []],
  ])('%s', (_name, line, expected) => expect(run(line)).toEqual(expected));
});
