import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { refusal } from '../../src/extract/admission.ts';

/** [what, repeated before, middle, repeated after, extension, text around]. */
const shapes: readonly (readonly [string, string, string, string, 'js' | 'ts', string])[] = [
  ['parentheses', '(', '1', ')', 'js', 'x = '], ['arrays', '[', '1', ']', 'js', 'x = '], ['objects', '{a:', '1', '}', 'js', 'x = '], ['blocks', '{', '', '}', 'js', ''],
  ['functions', 'function f(){', '', '}', 'js', ''], ['templates', '`${', '1', '}`', 'js', 'x = '], ['arrows', 'a=>', '1', '', 'js', 'x = '], ['unary marks', '!', '1', '', 'js', 'x = '],
  ['words', 'typeof ', '1', '', 'js', 'x = '], ['new', 'new ', 'a', '', 'js', 'x = '], ['powers', '2**', '1', '', 'js', 'x = '], ['conditionals', 'a?1:', '1', '', 'js', 'x = '],
  ['assignments', 'a=', '1', '', 'js', 'x = '], ['ifs', 'if(1)', ';', '', 'js', ''], ['ifs on lines', 'if(1)\n', ';', '', 'js', ''], ['loops', 'while(1)', ';', '', 'js', ''],
  ['for loops', 'for(;;)\n', ';', '', 'js', ''], ['labels', 'a:\n', ';', '', 'js', ''], ['labelled loops', 'while(1)\na:\n', ';', '', 'js', ''], ['else if', 'if(a){}\nelse ', ';', '', 'js', ''],
  ['calls', '', 'a', '.b()', 'js', 'x = '], ['calls on lines', '', 'a', '\n.b()', 'js', 'x = '], ['members', '', 'a', '.b', 'js', 'x = '], ['sums', '', '1', '+1', 'js', 'x = '],
  ['elements', '<a>', '', '</a>', 'js', 'x = '], ['elements with text', '<a>x', '', '</a>', 'js', 'x = '], ['elements with marks', '<a>;x', '', '</a>', 'js', 'x = '], ['elements with quotes', "<a>'", '', '</a>\n', 'js', 'x = '],
  ['classes', 'class extends ', 'A', '{}', 'js', 'x = '], ['awaits', 'await ', '1', '', 'js', 'x = '], ['slashes', '{}/', '1', '', 'js', 'x = '],
  ['type arguments', 'A<', 'B', '>', 'ts', 'let x: '], ['assertions', '', '1', ' as any', 'ts', 'x = '], ['unions', '', 'A', '|B', 'ts', 'let x: '], ['keyof', 'keyof ', 'A', '', 'ts', 'let x: '],
  ['function types', '()=>', 'A', '', 'ts', 'let x: '], ['conditional types', 'A extends B?C:', 'D', '', 'ts', 'let x: '], ['old assertions', '<A>', '1', '', 'ts', 'x = '],
];
const source = ([, before, middle, after, , around]: (typeof shapes)[number], count: number): string => `${around}${before.repeat(count)}${middle}${after.repeat(count)};\n`;

/** The largest count of a shape that is admitted, at most 60,000. */
function largest(shape: (typeof shapes)[number]): number {
  let low = 1;
  let high = 60_001;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (refusal(source(shape, middle)) === undefined) low = middle;
    else high = middle;
  }
  return low;
}

const parser = pathToFileURL(createRequire(import.meta.url).resolve('oxc-parser')).href;
const child = `
const { parseSync } = await import(process.argv[1]);
const { readFileSync } = await import('node:fs');
for (const [name, lang, text] of JSON.parse(readFileSync(0, 'utf8'))) {
  process.stdout.write(name + '\\n');
  const { program } = parseSync('a', text, { astType: 'ts', range: true, preserveParens: false, lang: lang === 'ts' ? 'ts' : 'jsx' });
  if (!program) throw new Error('no tree');
}
process.stdout.write('done\\n');
`;

describe('admission to the parser in this process', () => {
  it.each(shapes)('%s: 60,000 are refused', (...shape) => {
    expect(refusal(source(shape, 60_000))).toBeTypeOf('string');
  });

  it('the deepest that is admitted of each shape does not end a process', { timeout: 120_000 }, () => {
    const jobs = shapes.map((shape) => [shape[0], shape[4], source(shape, largest(shape))]);
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', child, parser], { input: JSON.stringify(jobs), encoding: 'utf8', timeout: 100_000, maxBuffer: 8_000_000 });
    expect({ signal: run.signal, last: run.stdout.trim().split('\n').at(-1) }).toEqual({ signal: null, last: 'done' });
  });

  it('ordinary depth is admitted', () => {
    for (const shape of shapes) expect([shape[0], refusal(source(shape, 300))]).toEqual([shape[0], undefined]);
  });

  it('brackets that hide in what looks like a comment, a string or a regular expression are bounded', () => {
    for (const text of [`x = <a>/*{${'['.repeat(9_000)}`, `x = <a>\`{${'['.repeat(9_000)}`, `x = <a>'{${'['.repeat(9_000)}`, `x = {} / ${'['.repeat(9_000)} / 1`, `x = <a>//{${'['.repeat(9_000)}`]) expect(refusal(text)).toBeTypeOf('string');
    expect(refusal(`x = <a>${`/*${'['.repeat(900)}*/`.repeat(10)}`)).toBeTypeOf('string');
  });

  it('published code is admitted', () => {
    const refused: string[] = [];
    let seen = 0;
    for (const folder of ['node_modules/eslint/lib', 'node_modules/@typescript-eslint', 'node_modules/yaml/dist', 'node_modules/commander', 'rules', 'src']) {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !/\.[cm]?[jt]s$/.test(entry.name)) continue;
        const file = join(entry.parentPath, entry.name);
        seen++;
        const reason = refusal(readFileSync(file, 'utf8'));
        if (reason !== undefined) refused.push(`${file}: ${reason}`);
      }
    }
    expect(refused).toEqual([]);
    expect(seen).toBeGreaterThan(500);
  });
});
