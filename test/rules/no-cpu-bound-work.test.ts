import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-cpu-bound-work.ts';
import { check } from '../../src/check/check.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';

/** What is found in the files; the first one holds the handler. */
function spots(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}, options: { readonly whole?: boolean } = {}): readonly string[] {
  const { project: linked } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)], [], options);
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
  expect(result.failures).toEqual([]);
  return result.findings.map((item) => `${item.line} ${item.severity} ${item.messageId}`);
}

describe('examples of the documentation', () => {
  it.each(rule.examples.map((example) => [example.title, example] as const))('%s', (_title, example) => {
    expect(spots({ 'handler.js': example.code }).map((item) => item.split(' ')[2])).toEqual(example.reports);
  });
});

const head = `import crypto from 'node:crypto'; import zlib from 'node:zlib'; import bcrypt from 'bcryptjs'; import { execSync } from 'node:child_process'; let kept;`;
/** The body stands from line 3 on. */
const handler = (body: string, more = ''): Record<string, string> => ({ 'a.mjs': `${head} ${more}\nexport const handler = async (event) => {\n${body}\n};\n` });

describe('calls', () => {
  it.each<[string, string, string]>([
    ['scryptSync', 'crypto.scryptSync(event.a, "s", 64);', 'warning derives'],
    ['pbkdf2Sync', 'crypto.pbkdf2Sync(event.a, "s", 100000, 64, "sha512");', 'warning derives'],
    ['rounds that are not known', 'crypto.pbkdf2Sync(event.a, "s", event.rounds, 64, "sha512");', 'warning derives'],
    ['bcrypt', 'bcrypt.hashSync(event.a, 10);', 'warning derives'],
    ['execSync', 'execSync("ls");', 'warning blocks'],
    ['gzipSync of what was fetched', 'zlib.gzipSync(await (await fetch(event.url)).text());', 'warning compresses'],
    ['gzipSync of the event', 'zlib.gzipSync(JSON.stringify(event));', 'info compresses'],
    ['a slot of one caller', 'let key; key ??= crypto.scryptSync(event.a, "s", 64);', 'warning derives'],
  ])('%s', (_name, body, expected) => {
    expect(spots(handler(body))).toEqual([`3 ${expected}`]);
  });

  it.each<[string, string]>([
    ['few rounds', 'crypto.pbkdf2Sync(event.a, "s", 10, 64, "sha512");'],
    ['the asynchronous form', 'await bcrypt.hash(event.a, 10);'],
    ['a known text', 'zlib.gzipSync("text");'],
    ['unpacking', 'zlib.gunzipSync(event.a);'],
    ['once a process', 'kept ??= crypto.scryptSync("a", "s", 64);'],
    ['once a process, asked first', 'if (!kept) { kept = crypto.scryptSync("a", "s", 64); }'],
    ['on the own machine', 'if (process.env.IS_OFFLINE) execSync("ls");'],
    ['an own object', 'const own = { hashSync: (x) => x }; own.hashSync(event.a);'],
  ])('quiet: %s', (_name, body) => {
    expect(spots(handler(body))).toEqual([]);
  });

  it('at init it is the matter of another rule', () => {
    expect(spots({ 'a.mjs': `import { scryptSync } from 'crypto';\nconst key = scryptSync('a', 'b', 64);\nexport const handler = async () => key;\n` })).toEqual([]);
  });

  it('in a helper three imports away', () => {
    expect(spots({ 'a.mjs': `import { b } from './b.mjs';\nexport const handler = async (event) => b(event);\n`, 'b.mjs': `import { C } from './c.mjs';\nexport const b = (event) => new C().run(event);\n`, 'c.mjs': `import { d } from './d.mjs';\nexport class C { run(event) { return d(event.a); } }\n`, 'd.mjs': `import { scryptSync } from 'crypto';\nexport const d = (x) =>\n  scryptSync(x, 's', 64);\n` })).toEqual(['3 warning derives']);
  });
});

describe('loops', () => {
  const hash = 'const h = (x) => crypto.createHash("sha256").update(x).digest("hex");';
  it.each<[string, string]>([
    ['in the condition', 'let n = 0; while (!h(event.a + n).startsWith("00")) n++;'],
    ['in a variable', 'let n = 0; let x = ""; do { x = h(event.a + n++); } while (x.slice(0, 2) !== "00");'],
    ['with a way out', 'for (let n = 0; ; n++) { if (h(event.a + n).startsWith("00")) return n; }'],
    ['a bound that is large', 'let x = event.a; for (let n = 0; n < 500000; n++) x = h(x);'],
  ])('%s', (_name, body) => {
    expect(spots(handler(body, hash)).map((item) => item.split(' ').slice(1).join(' '))).toEqual(['warning searches']);
  });

  it.each<[string, string]>([
    ['one for each item', 'for (const x of event.list) h(x);'],
    ['a small bound', 'let x = event.a; for (let n = 0; n < 10; n++) x = h(x);'],
    ['as many as the list has', 'for (let n = 0; n < event.list.length; n++) h(event.list[n]);'],
    ['a loop that waits', 'let x; do { x = h(await fetch(event.a)); } while (x === event.last);'],
    ['no hash', 'let n = 0; while (!String(n).endsWith("9")) n++;'],
  ])('quiet: %s', (_name, body) => {
    expect(spots(handler(body, hash))).toEqual([]);
  });
});
