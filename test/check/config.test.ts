import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { parseConfig } from '../../src/check/config.ts';
import { UsageError } from '../../src/check/usage-error.ts';

const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync('schema/config.json', 'utf8')) as object);

describe('configuration', () => {
  it.each<[string, string]>([
    ['empty', '{}'],
    ['levels and options', '{ "preset": "strict", "rules": { "no-disk-writes": "off", "no-oversized-bundle": ["warning", { "minSeverity": "info", "warnBytes": 5 }] } }'],
    ['ignore', '{ "ignore": [{ "rule": "no-disk-writes", "path": "src", "function": "F", "reason": "why", "until": "2027-01-01" }, { "rule": "*" }] }'],
    ['budgets', '{ "bundle": { "warnBytes": 5000000, "errorBytes": 0, "functions": { "api-*": { "warnBytes": 1000000 }, "*": { "errorBytes": 9 } } } }'],
    ['everything else', '{ "$schema": "x", "date": "2026-11-21", "stage": "dev", "params": { "a": 1 }, "exclude": ["legacy/**"] }'],
  ])('accepts what the schema accepts: %s', (_name, text) => {
    expect(validate(JSON.parse(text))).toBe(true);
    expect(() => parseConfig('faaslint.config.json', text, rules)).not.toThrow();
  });
  it.each<[string, string, RegExp]>([
    ['not JSON', '{ "preset": ', /faaslint\.config\.json:1: not valid JSON/],
    ['an unknown key', '{\n  "presets": "core"\n}', /:2: unknown key 'presets'\. Did you mean 'preset'\?/],
    ['an unknown preset', '{ "preset": "max" }', /preset must be one of core, recommended, strict, all/],
    ['an unknown rule', '{ "rules": { "no-disk-write": "off" } }', /unknown rule 'no-disk-write'\. Did you mean 'no-disk-writes'\?/],
    ['an unknown level', '{ "rules": { "no-disk-writes": "fatal" } }', /must be one of off, info, warning, error/],
    ['an unknown option', '{ "rules": { "no-oversized-bundle": ["error", { "warnByte": 1 }] } }', /no option 'warnByte'\. Did you mean 'warnBytes'\?/],
    ['a budget that is no number of bytes', '{ "bundle": { "warnBytes": "5MB" } }', /warnBytes must be a number of bytes/],
    ['a budget of an unknown name', '{ "bundle": { "functions": { "api": { "warnByte": 1 } } } }', /unknown key 'warnByte' in the budget of 'api'\. Did you mean 'warnBytes'\?/],
    ['an unknown key of budgets', '{ "bundle": { "function": {} } }', /unknown key 'function' in bundle\. Did you mean 'functions'\?/],
    ['budgets that are no object', '{ "bundle": { "functions": [] } }', /functions in bundle must be an object/],
    ['an option of the wrong type', '{ "rules": { "no-oversized-bundle": ["error", { "warnBytes": "big" }] } }', /must be a number/],
    ['a wrong date', '{ "date": "21.11.2026" }', /YYYY-MM-DD/],
    ['an entry without a rule', '{ "ignore": [{ "path": "src" }] }', /needs a 'rule'/],
    ['a level of ESLint', '{ "rules": { "no-disk-writes": "warn" } }', /must be one of off, info, warning, error\. Did you mean 'warning'\?/],
    ['a list of rules', '{ "rules": ["no-disk-writes"] }', /rules must be an object/],
    ['one pattern for a list of them', '{ "exclude": "dist" }', /exclude must be a list/],
    ['one entry of ignore for a list', '{ "ignore": { "rule": "no-disk-writes" } }', /ignore must be a list/],
    ['params that are no object', '{ "params": "stage=dev" }', /params must be an object/],
    ['a prototype key', '{ "__proto__": { "preset": "core" } }', /unknown key '__proto__'/],
  ])('refuses %s, with place and next step', (_name, text, message) => {
    expect(() => parseConfig('faaslint.config.json', text, rules)).toThrow(UsageError);
    expect(() => parseConfig('faaslint.config.json', text, rules)).toThrow(message);
  });
  it('reads the key faaslint of package.json', () => {
    expect(parseConfig('package.json', '{ "name": "x", "faaslint": { "preset": "all" } }', rules).preset).toBe('all');
  });
});
