import { describe, expect, it } from 'vitest';
import { argumentOptions, buildSettings, programOptions } from '../../src/discover/bundler-settings.ts';
import { record, type Sym } from '../../src/link/program-values.ts';

const literal = (value: string | boolean): Sym => ({ kind: 'literal', value });

describe('settings of a bundler', () => {
  it('keeps what esbuild is told, and names what can not be read', () => {
    const settings = buildSettings(new Map<string, string | boolean>([['keepNames', true], ['minify', true], ['metafile', true], ['plugins', './plugins.js'], ['mainFields', 'unknown']]), { folder: 'svc' });
    expect(settings).toEqual({ folder: 'svc', options: new Map([['keepNames', true]]), install: [], unread: ['mainFields', 'plugins'] });
  });

  it('reads arguments of the command line', () => {
    expect(argumentOptions(new Map<string, string | boolean>([
      ['--main-fields', 'module,main'], ['--keep-names', true], ['--tree-shaking=false', ''], ['--loader:.sql', 'text'], ['--loader:.png=file', ''], ['--external:sharp', ''], ['--external:pg', ''], ['--banner:js', '//x'], ['--banner:css', '/*y*/'], ['nonsense', 'x'],
    ]))).toEqual(new Map<string, unknown>([
      ['mainFields', ['module', 'main']], ['keepNames', true], ['treeShaking', false], ['loader', new Map([['.sql', 'text'], ['.png', 'file']])], ['external', ['sharp', 'pg']], ['banner', '//x'],
    ]));
  });

  it('reads what a program gives: literals, enumerations, lists, tables; the rest is not known', () => {
    const options = programOptions(record([
      ['keepNames', literal(true)], ['charset', { kind: 'external', module: 'aws-cdk-lib/aws-lambda-nodejs', path: ['Charset', 'UTF8'] }], ['tsconfig', literal('/~/app/tsconfig.json')],
      ['define', record([['A', literal('1')]])], ['inject', { kind: 'list', items: [literal('./a.js')], open: false, born: 0 }], ['conditions', { kind: 'list', items: [{ kind: 'unknown', reason: 'x' }], open: false, born: 0 }], ['commandHooks', record([['a', { kind: 'unknown', reason: 'code' }]])],
    ]));
    expect(options).toEqual(new Map<string, unknown>([['keepNames', true], ['charset', 'utf8'], ['tsconfig', '/app/tsconfig.json'], ['define', new Map([['A', '1']])], ['inject', ['./a.js']], ['conditions', 'unknown'], ['commandHooks', 'unknown']]));
    expect(buildSettings(options).unread).toEqual(['commandHooks', 'conditions']);
    expect(programOptions({ kind: 'unknown', reason: 'made elsewhere' })).toEqual(new Map([['bundling', 'unknown']]));
    expect(programOptions(undefined)).toEqual(new Map());
  });
});
