import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked { readonly version?: string; readonly optionalDependencies?: Readonly<Record<string, string>>; readonly hasInstallScript?: boolean }
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { readonly packages: Readonly<Record<string, Locked>> };
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: Readonly<Record<string, string>>; readonly dependencies: Readonly<Record<string, string>> };

describe('package-lock.json', () => {
  it.each([['oxc-parser', 15], ['esbuild', 20]])('holds the native packages of every platform of %s', (name, atLeast) => {
    const natives = Object.entries(lock.packages[`node_modules/${name}`]?.optionalDependencies ?? {});
    expect(natives.length).toBeGreaterThanOrEqual(atLeast);
    const missing = natives.filter(([native, version]) => lock.packages[`node_modules/${native}`]?.version !== version).map(([native]) => native);
    expect(missing).toEqual([]);
  });

  it('agrees with the exact versions of the manifest', () => {
    for (const [name, version] of Object.entries(manifest.dependencies)) expect([name, lock.packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
  });
});

describe('package.json', () => {
  it('runs nothing where the package is installed', () => {
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });
});
