import { describe, expect, it } from 'vitest';
import { limitsOf, platformLimits } from '../../src/catalog/limits.ts';
import { isBuiltin, matchesPackage, packageName, runtimePackages } from '../../src/catalog/runtime-modules.ts';
import { lambdaNodeRuntimes, lambdaRuntime } from '../../src/catalog/runtimes.ts';

describe('Lambda runtimes', () => {
  it.each(lambdaNodeRuntimes.map((runtime) => [runtime.name, runtime] as const))('%s has days in order', (name, runtime) => {
    for (const day of [runtime.deprecated, runtime.blockCreate, runtime.blockUpdate]) expect(new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10)).toBe(day);
    expect([runtime.deprecated, runtime.blockCreate, runtime.blockUpdate].toSorted()).toEqual([runtime.deprecated, runtime.blockCreate, runtime.blockUpdate]);
    expect(name).toBe(`nodejs${runtime.nodeMajor}.x`);
    expect(runtime.sdk).toBe(runtime.nodeMajor >= 18 ? 3 : 2);
  });

  it('knows no other', () => {
    expect(lambdaRuntime('nodejs21.x')).toBeUndefined();
    expect(lambdaRuntime('__proto__')).toBeUndefined();
  });
});

describe('what a runtime provides', () => {
  it.each<[string, 'aws' | 'google', string | undefined, boolean]>([
    ['fs', 'google', undefined, true], ['node:sqlite', 'aws', 'nodejs22.x', true], ['fs/promises', 'aws', undefined, true], ['fs-extra', 'aws', 'nodejs22.x', false],
    ['@aws-sdk/client-s3', 'aws', 'nodejs18.x', true], ['@aws-sdk/client-s3', 'aws', 'nodejs16.x', false], ['@aws-sdk/client-s3', 'aws', undefined, false],
    ['@smithy/types', 'aws', 'nodejs24.x', true], ['aws-sdk', 'aws', 'nodejs16.x', true], ['aws-sdk/clients/s3', 'aws', 'nodejs14.x', true], ['aws-sdk', 'aws', 'nodejs18.x', false],
    ['@aws-sdk/client-s3', 'google', 'nodejs22', false], ['./fs', 'aws', 'nodejs22.x', false],
  ])('%s on %s %s: %s', (specifier, platform, runtime, provided) => {
    const name = packageName(specifier);
    expect(isBuiltin(specifier) || (name !== undefined && matchesPackage(name, runtimePackages(platform, runtime)))).toBe(provided);
  });

  it.each<[string, string | undefined]>([['a', 'a'], ['a/b/c', 'a'], ['@s/a', '@s/a'], ['@s/a/b', '@s/a'], ['@s', undefined], ['./a', undefined], ['/a', undefined], ['#a', undefined], ['node:fs', undefined], ['', undefined]])('%j is of package %j', (specifier, name) => {
    expect(packageName(specifier)).toBe(name);
  });

  it('tells built-in modules from packages named alike', () => {
    expect([isBuiltin('buffer'), isBuiltin('buffer/'), isBuiltin('constructor')]).toEqual([true, false, false]);
  });
});

describe('limits', () => {
  it('have a positive value, a source and a date', () => {
    for (const limits of platformLimits.values()) {
      for (const limit of Object.values(limits)) {
        expect(limit.value).toBeGreaterThan(0);
        expect(limit.source).not.toBe('');
        expect(limit.date).toMatch(/^20\d\d(?:-\d\d){0,2}$/);
      }
    }
  });

  it('of Lambda packages are the documented numbers', () => {
    expect(limitsOf('aws')).toMatchObject({ packageBytes: { value: 262_144_000, grade: 'doc' }, archiveBytes: { value: 52_428_800 }, layers: { value: 5 }, timeoutMaxSeconds: { value: 900 } });
  });
});
