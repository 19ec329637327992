import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageSizes } from '../../src/workspace/installed.ts';

let outside = '';
let root = '';
const put = (path: string, bytes: number): void => { mkdirSync(dirname(path), { recursive: true }); writeFileSync(path, 'x'.repeat(bytes)); };

beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'faaslint-'));
  root = join(outside, 'root');
  put(join(root, 'node_modules/a/index.js'), 100);
  put(join(root, 'node_modules/a/lib/b.js'), 20);
  put(join(root, 'node_modules/a/node_modules/c/index.js'), 1000);
  put(join(root, 'service/node_modules/a/index.js'), 7);
  put(join(root, 'service/src/handler.js'), 3);
  put(join(outside, 'secret/index.js'), 50);
  symlinkSync(join(outside, 'secret'), join(root, 'node_modules/linked'));
});
afterAll(() => rmSync(outside, { recursive: true, force: true }));

describe('sizes of installed packages', () => {
  it('finds them as Node.js does, without their own dependencies', () => {
    const sizes = packageSizes(root);
    expect(sizes.installedBytes('a', 'other/handler.js')).toBe(120);
    expect(sizes.installedBytes('a', 'service/src/handler.js')).toBe(7);
    expect(sizes.installedBytes('missing', 'service/src/handler.js')).toBeUndefined();
    expect(sizes.bytes('service/src/handler.js')).toBe(3);
  });

  it('stays below the root', () => {
    const sizes = packageSizes(root);
    expect(sizes.installedBytes('linked', 'service/src/handler.js')).toBeUndefined();
    expect(sizes.installedBytes('../../secret', 'service/src/handler.js')).toBeUndefined();
    expect(sizes.bytes('../secret/index.js')).toBeUndefined();
  });
});
