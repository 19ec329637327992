import { describe, expect, it } from 'vitest';
import { fileRemovalOf, fileWriteOf, fileWritesOf, isTemporaryPath, temporaryPathOf } from '../../src/catalog/file-system.ts';
import type { Value } from '../../src/model/value.ts';
import { callee, dunno, either, env, event, ext, fn, made, open, show, tmpl, val } from './support.ts';
import type { Plain } from './support.ts';

const writes = (module: string, path: string, args: readonly Plain[], receiver?: Value): readonly string[] =>
  fileWritesOf(callee(module, path, receiver), args.map(val)).map((w) => `${w.kind} ${w.path ? show(w.path) : '?'} (${w.detail})`);
const derived = (what: string, ...from: Value[]): Value => ({ kind: 'derived', what, from, io: true });

describe('writes of the platform', () => {
  it.each<readonly [string, string, readonly Plain[], readonly string[]]>([
    ['fs', 'writeFileSync', ['/tmp/a', 'x'], ['write /tmp/a (fs.writeFileSync)']],
    ['node:fs', 'promises.writeFile', [tmpl('/tmp/', event('id')), 'x'], ['write `/tmp/${event.id}` (fs.writeFile)']],
    ['fs/promises', 'writeFile', ['/tmp/a', 'x'], ['write /tmp/a (fs.writeFile)']],
    ['fs', 'default.writeFile', ['a', 'x', fn], ['write a (fs.writeFile)']],
    ['fs', 'appendFile', ['a', 'x'], ['append a (fs.appendFile)']],
    ['fs', 'copyFileSync', ['a', '/tmp/b'], ['write /tmp/b (fs.copyFileSync)']],
    ['xlsx-populate', 'fromBlankAsync.toFileAsync', ['/tmp/b.xlsx'], ['write /tmp/b.xlsx (xlsx-populate.toFileAsync)']],
    ['fs', 'rename', ['a', 'b'], ['write b (fs.rename)']],
    ['fs', 'mkdirSync', ['/tmp/d', { recursive: true }], ['mkdir /tmp/d (fs.mkdirSync)']],
    ['fs', 'mkdtempSync', [tmpl('/tmp/', 'x-')], ['mkdir `/tmp/x-${?}` (fs.mkdtempSync)']],
    ['fs', 'createWriteStream', ['/tmp/a'], ['stream /tmp/a (fs.createWriteStream)']],
    ['fs', 'createWriteStream', ['/dev/null'], []],
    ['fs', 'writeFileSync', ['/proc/self/fd/1', 'x'], []],
    ['fs', 'writeFileSync', [1, 'x'], []],
    ['fs', 'writeFileSync', [ext('global', 'process.stderr.fd'), 'x'], []],
    ['fs', 'openSync', ['/tmp/a', 'w'], ['write /tmp/a (fs.openSync)']],
    ['fs', 'open', ['a', ext('fs', 'constants.O_RDWR')], ['write a (fs.open)']],
    ['fs', 'open', ['a', 65], ['write a (fs.open)']],
    ['fs', 'open', ['a', 'r'], []],
    ['fs', 'open', ['a'], []],
    ['fs', 'open', ['a', dunno], []],
    ['fs', 'readFileSync', ['a'], []],
    ['fs', 'existsSync', ['a'], []],
    ['fs', 'writeSync', [1, 'x'], []],
    ['fs', 'WriteStream.#write', ['x'], []],
    ['graceful-fs', 'writeFile', ['a', 'x'], ['write a (graceful-fs.writeFile)']],
    ['fs-extra', 'outputJson', ['a', {}], ['write a (fs-extra.outputJson)']],
    ['fs-extra', 'default.ensureDir', ['/tmp/d'], ['mkdir /tmp/d (fs-extra.ensureDir)']],
    ['fs-extra', 'copy', ['a', 'b'], ['write b (fs-extra.copy)']],
    ['fs-extra', 'readJson', ['a'], []],
    ['fs', 'writeFileAsync', ['a', 'x'], ['write a (fs.writeFileAsync)']],
    ['global', 'Deno.writeTextFile', ['a', 'x'], ['write a (Deno.writeTextFile)']],
    ['global', 'Bun.write', ['a', 'x'], ['write a (Bun.write)']],
    ['memfs', 'fs.writeFileSync', ['/a', 'x'], []],
    ['mock-fs', 'writeFileSync', ['/a', 'x'], []],
    ['unknown', 'writeFile', ['/a', 'x'], []],
    ['./fs', 'writeFile', ['/a', 'x'], []],
    ['dropbox', 'Dropbox.#writeFile', ['/a'], []],
  ])('%s %s %j', (module, path, args, expected) => expect(writes(module, path, args)).toEqual(expected));

  it('takes the path of a FileHandle from where it was opened', () => {
    const handle = made('fs/promises', 'FileHandle', '/tmp/a', 'w');
    expect(writes('fs/promises', 'FileHandle.#writeFile', ['x'], handle)).toEqual(['write /tmp/a (FileHandle.writeFile)']);
    expect(writes('fs/promises', 'FileHandle.#appendFile', ['x'], dunno)).toEqual(['append ? (FileHandle.appendFile)']);
    expect(writes('fs/promises', 'FileHandle.#write', ['x'], made('fs/promises', 'FileHandle', '/tmp/a', 'r'))).toEqual([]);
    expect(writes('fs/promises', 'FileHandle.#read', [], handle)).toEqual([]);
  });
});

describe('writes of packages', () => {
  it.each<readonly [string, string, readonly Plain[], readonly string[]]>([
    ['write-file-atomic', 'default', ['/tmp/a', 'x'], ['write /tmp/a (write-file-atomic)']],
    ['jsonfile', 'writeFileSync', ['a', {}], ['write a (jsonfile.writeFileSync)']],
    ['mkdirp', 'sync', ['/tmp/d'], ['mkdir /tmp/d (mkdirp.sync)']],
    ['make-dir', 'makeDirectory', ['/tmp/d'], ['mkdir /tmp/d (make-dir.makeDirectory)']],
    ['multer', 'default', [{ dest: 'uploads/' }], ['upload-middleware uploads/ (multer)']],
    ['multer', 'default', [], []],
    ['multer', 'memoryStorage', [], []],
    ['multer', 'diskStorage', [{ destination: '/tmp/up' }], ['upload-middleware /tmp/up (multer.diskStorage)']],
    ['formidable', 'default', [{ uploadDir: '/tmp/u' }], ['upload-middleware /tmp/u (formidable)']],
    ['formidable', 'IncomingForm', [], ['upload-middleware `/tmp/${?}` (formidable.IncomingForm)']],
    ['busboy', 'default', [{}], []],
    ['better-sqlite3', 'default', ['data.db'], ['database data.db (better-sqlite3)']],
    ['better-sqlite3', 'default', [':memory:'], []],
    ['better-sqlite3', 'default', ['data.db', { readonly: true }], []],
    ['better-sqlite3', 'default', [], []],
    ['sqlite3', 'Database', ['a.db'], ['database a.db (sqlite3.Database)']],
    ['sqlite3', 'Database', ['a.db', ext('sqlite3', 'OPEN_READONLY')], []],
    ['lowdb/node', 'JSONFilePreset', ['db.json', {}], ['database db.json (lowdb/node.JSONFilePreset)']],
    ['lowdb', 'Memory', [], []],
    ['nedb', 'default', [{ filename: 'a.db' }], ['database a.db (nedb)']],
    ['nedb', 'default', [], []],
    ['winston', 'transports.File', [{ filename: 'app.log' }], ['append app.log (winston.File)']],
    ['winston', 'transports.Console', [{}], []],
    ['pino', 'destination', ['/tmp/app.log'], ['append /tmp/app.log (pino.destination)']],
    ['pino', 'destination', [1], []],
    ['pino', 'destination', [ext('global', 'process.stdout.fd')], []],
    ['pino', 'destination', [{ dest: 'a.log' }], ['append a.log (pino.destination)']],
    ['tar', 'x', [{ cwd: '/tmp/out', file: 'a.tgz' }], ['extract /tmp/out (tar.x)']],
    ['tar', 'extract', [{ file: 'a.tgz' }], ['extract ? (tar.extract)']],
    ['tar', 't', [{ file: 'a.tgz' }], []],
    ['tar', 'c', [{ file: '/tmp/a.tgz' }, ['a']], ['write /tmp/a.tgz (tar.c)']],
    ['unzipper', 'Extract', [{ path: '/tmp/out' }], ['extract /tmp/out (unzipper.Extract)']],
    ['unzipper', 'Parse', [], []],
    ['extract-zip', 'default', ['a.zip', { dir: '/tmp/o' }], ['extract /tmp/o (extract-zip)']],
    ['adm-zip', '#extractAllTo', ['/tmp/o', true], ['extract /tmp/o (adm-zip.extractAllTo)']],
    ['adm-zip', '#toBuffer', [], []],
    ['archiver', 'default', ['zip'], []],
    ['sharp', 'Sharp.#toFile', ['/tmp/a.png'], ['write /tmp/a.png (sharp.toFile)']],
    ['sharp', 'Sharp.#toBuffer', [], []],
    ['exceljs', 'Workbook.#xlsx.writeFile', ['/tmp/a.xlsx'], ['write /tmp/a.xlsx (exceljs.writeFile)']],
    ['exceljs', 'Workbook.#xlsx.writeBuffer', [], []],
    ['write-excel-file/node', 'default', [dunno, { filePath: '/tmp/a.xlsx' }], ['write /tmp/a.xlsx (write-excel-file/node)']],
    ['write-excel-file/node', 'default', [dunno, { buffer: true }], []],
    ['xlsx', 'writeFile', [dunno, 'a.xlsx'], ['write a.xlsx (xlsx.writeFile)']],
    ['xlsx', 'write', [dunno, { type: 'buffer' }], []],
    ['puppeteer', 'Page.#screenshot', [{ path: '/tmp/a.png' }], ['write /tmp/a.png (puppeteer.screenshot)']],
    ['puppeteer', 'Page.#screenshot', [{ fullPage: true }], []],
    ['puppeteer-core', 'Page.#pdf', [open({ format: 'A4' })], []],
    ['playwright', 'Page.#pdf', [{ path: 'a.pdf' }], ['write a.pdf (playwright.pdf)']],
    ['pdfkit', 'PDFDocument.#pipe', [dunno], []],
    ['@google-cloud/storage', 'File.#download', [{ destination: '/tmp/a' }], ['write /tmp/a (@google-cloud/storage.download)']],
    ['@google-cloud/storage', 'File.#download', [], []],
    ['ssh2-sftp-client', '#fastGet', ['remote', '/tmp/a'], ['write /tmp/a (ssh2-sftp-client.fastGet)']],
    ['ssh2-sftp-client', '#get', ['remote'], []],
    ['ssh2-sftp-client', '#get', ['remote', fn], []],
    ['fluent-ffmpeg', '#save', ['/tmp/a.mp4'], ['write /tmp/a.mp4 (fluent-ffmpeg.save)']],
    ['tmp', 'fileSync', [], ['write `/tmp/${?}` (tmp.fileSync)']],
    ['tmp-promise', 'dir', [{ unsafeCleanup: true }], ['mkdir `/tmp/${?}` (tmp-promise.dir)']],
    ['@aws-sdk/s3-request-presigner', 'getSignedUrl', [dunno, dunno], []],
    ['mongoose', 'Model.#save', ['a'], []],
  ])('%s %s %j', (module, path, args, expected) => expect(writes(module, path, args)).toEqual(expected));

  it('follows a chain of methods to the package it began with', () => {
    const resized = derived('#resize', derived('sharp:default', event('body')));
    expect(writes('unknown', 'toFile', ['/tmp/a.png'], resized)).toEqual(['write /tmp/a.png (sharp.toFile)']);
    expect(writes('unknown', 'toFile', ['/tmp/a.png'], derived('#resize', derived('other:default')))).toEqual([]);
    expect(writes('unknown', 'download', [{ destination: '/tmp/a' }], derived('#file', derived('#bucket', made('@google-cloud/storage', 'Storage'))))).toEqual(['write /tmp/a (@google-cloud/storage.download)']);
    expect(writes('unknown', 'writeFile', ['a'], derived('fs:readFileSync'))).toEqual([]);
  });
});

describe('writes of commands', () => {
  const exec = (line: Plain): readonly string[] => writes('child_process', 'execSync', [line]);
  it.each<readonly [Plain, readonly string[]]>([
    ['ls -la', []],
    ['node --version', []],
    ['git rev-parse HEAD', []],
    ['echo hi > /tmp/a', ['command /tmp/a (redirection)']],
    ['echo hi >> "/tmp/a b"', ['command /tmp/a b (redirection)']],
    ['ls 2>&1', []],
    ['ls > /dev/null 2>&1', []],
    ['cat < in.txt', []],
    ['cat a | tee /tmp/b', ['command /tmp/b (tee)']],
    ['mkdir -p /tmp/x && cp -r a /tmp/x', ['command /tmp/x (mkdir)', 'command /tmp/x (cp)']],
    ['git clone https://e.org/r.git /tmp/r', ['command /tmp/r (git)']],
    ['git clone https://e.org/r.git', ['command ? (git)']],
    ['tar -xzf a.tgz -C /tmp/o', ['command /tmp/o (tar)']],
    ['tar tzf a.tgz', []],
    ['tar czf /tmp/a.tgz dir', ['command /tmp/a.tgz (tar)']],
    ['unzip -q a.zip -d /tmp/o', ['command /tmp/o (unzip)']],
    ['curl -o /tmp/a https://e.org', ['command /tmp/a (curl)']],
    ['curl https://e.org', []],
    ['curl -O https://e.org/a', ['command ? (curl)']],
    ['wget -O /tmp/a https://e.org', ['command /tmp/a (wget)']],
    ['wget https://e.org/a', ['command ? (wget)']],
    ['/opt/bin/ffmpeg -i /tmp/in.mp4 /tmp/out.mp4', ['command /tmp/out.mp4 (ffmpeg)']],
    [tmpl({ kind: 'oneOf', options: [derived('.path', ext('@ffmpeg-installer/ffmpeg', '')), { kind: 'literal', value: '/opt/bin/ffmpeg' }] }, ' -i a /tmp/o.mp4'), ['command /tmp/o.mp4 (ffmpeg)']],
    [tmpl({ kind: 'oneOf', options: [event('tool'), { kind: 'literal', value: '/opt/bin/probe' }] }, ' -i a /tmp/o.mp4'), []],
    [tmpl('convert ', event('a'), ' /tmp/', event('b'), '.png'), ['command `/tmp/${event.b}.png` (convert)']],
    [tmpl('cat x > ', env('OUT')), ['command env:OUT (redirection)']],
    ["sed -i 's/a/b/' /tmp/f", ['command /tmp/f (sed)']],
    ["sed 's/a/b/' /tmp/f", []],
    ['zip -r /tmp/o.zip a b', ['command /tmp/o.zip (zip)']],
    ['npm ci', ['command ? (npm)']],
    ['npm run build', []],
    ["echo 'a > b'", []],
    ['FOO=1 sudo touch /tmp/a', ['command /tmp/a (touch)']],
    [dunno, []],
  ])('%j', (line, expected) => expect(exec(line)).toEqual(expected));

  it('to a stream that stands in for a path are none', () => {
    const stream: Value = { kind: 'instance', of: { kind: 'external', module: 'stream', path: ['PassThrough'] }, args: [] };
    expect(fileWritesOf({ module: 'fluent-ffmpeg', path: ['#output'] }, [stream])).toEqual([]);
    expect(fileWritesOf({ module: 'fluent-ffmpeg', path: ['#output'] }, [{ kind: 'unknown', reason: 'x' }])).toHaveLength(1);
  });

  it('reads argument lists and shells', () => {
    expect(writes('child_process', 'spawn', ['ffmpeg', ['-i', 'a', tmpl('/tmp/', event('n'))]])).toEqual(['command `/tmp/${event.n}` (ffmpeg)']);
    expect(writes('child_process', 'execFileSync', ['/bin/sh', ['-c', 'echo a > /tmp/b']])).toEqual(['command /tmp/b (redirection)']);
    expect(writes('child_process', 'spawn', ['/opt/bin/bash', ['-c', 'echo a > /tmp/b']])).toEqual(['command /tmp/b (redirection)']);
    expect(writes('child_process', 'spawn', ['/opt/bin/rebash', ['-c', 'echo a > /tmp/b']])).toEqual([]);
    expect(writes('child_process', 'spawnSync', ['git', ['status']])).toEqual([]);
    expect(writes('child_process', 'execSync', ['git pull', { cwd: '/tmp/r' }])).toEqual(['command /tmp/r (git)']);
    expect(writes('execa', 'default', ['mkdir', ['/tmp/x']])).toEqual(['command /tmp/x (mkdir)']);
    expect(writes('cross-spawn', 'sync', ['touch', ['/tmp/x']])).toEqual(['command /tmp/x (touch)']);
    expect(writes('regex', 'exec', ['touch /tmp/x'])).toEqual([]);
    expect(fileWriteOf(callee('child_process', 'exec'), [val('mkdir /tmp/a && touch /tmp/a/b')])?.detail).toBe('mkdir');
  });
});

describe('removals and reads', () => {
  const removal = (module: string, path: string, ...args: Plain[]): string => {
    const found = fileRemovalOf(callee(module, path), args.map(val));
    return found ? `${found.path ? show(found.path) : '?'}${found.recursive ? ' all' : ''}` : '-';
  };
  it.each([
    ['fs', 'unlinkSync', '/tmp/a', '/tmp/a'], ['fs', 'promises.unlink', '/tmp/a', '/tmp/a'], ['fs/promises', 'rm', '/tmp/a', '/tmp/a all'], ['fs', 'rmdirSync', '/tmp/d', '/tmp/d all'],
    ['fs-extra', 'remove', '/tmp/d', '/tmp/d all'], ['fs-extra', 'emptyDirSync', '/tmp/d', '/tmp/d all'], ['rimraf', 'default', '/tmp/d', '/tmp/d all'], ['rimraf', 'sync', '/tmp/d', '/tmp/d all'],
    ['del', 'deleteAsync', '/tmp/d', '/tmp/d all'], ['child_process', 'execSync', 'rm -rf /tmp/d', '/tmp/d all'], ['tmp', 'fileSync.#removeCallback', '', '? all'],
    ['fs', 'writeFile', '/tmp/a', '-'], ['lodash', 'remove', '/tmp/a', '-'], ['memfs', 'fs.unlinkSync', '/a', '-'], ['child_process', 'execSync', 'ls /tmp', '-'], ['mongodb', 'Collection.#remove', 'a', '-'],
  ])('%s %s removes %s: %s', (module, path, arg, expected) => expect(removal(module, path, arg)).toBe(expected));
});

describe('the temporary folder', () => {
  it('knows calls that give a path in it', () => {
    const path = (module: string, name: string, ...args: Plain[]): string => show(temporaryPathOf(callee(module, name), args.map(val)));
    expect(path('os', 'tmpdir')).toBe('/tmp');
    expect(path('node:os', 'default.tmpdir')).toBe('/tmp');
    expect(path('tempy', 'temporaryFile')).toBe('`/tmp/${?}`');
    expect(path('tmp', 'tmpNameSync')).toBe('`/tmp/${?}`');
    expect(path('fs', 'mkdtempSync', '/tmp/a-')).toBe('`/tmp/a-${?}`');
    expect(path('os', 'homedir')).toBe('-');
    expect(path('path', 'join', '/tmp')).toBe('-');
  });

  it.each<readonly [Plain, boolean | undefined]>([
    ['/tmp', true], ['/tmp/a', true], [tmpl('/tmp/', event('a')), true], [tmpl('/tmp', '/', dunno), true], [tmpl(ext('os', 'tmpdir'), '/a'), true], [env('TMPDIR'), true],
    ['/tmpfiles/a', false], ['/var/task/a', false], ['a.txt', false], ['./tmp/a', false], [tmpl('data/', event('a')), false],
    [tmpl('/tmp', dunno), undefined], [tmpl(env('DIR'), '/a'), undefined], [event('path'), undefined], [dunno, undefined], ['/tmp/../etc/a', undefined], [either('/tmp/a', './a'), undefined], [either('/tmp/a', '/tmp/b'), true],
    [tmpl('/', dunno), undefined],
    [derived('path:dirname', tmpl('/tmp/', event('name'))), true],
    [derived('path:format', val({ dir: '/tmp/a', base: 'b' })), true],
    [tmpl(derived('.name', tmpl('/tmp/', dunno)), '/frames'), true],
    [derived('#replace', val('./data/a')), undefined],
    [derived('path:relative', val('/tmp/a')), undefined],
  ])('%j → %s', (path, expected) => expect(isTemporaryPath(val(path))).toBe(expected));
});
