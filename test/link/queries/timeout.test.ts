import { expect, it } from 'vitest';
import { timeoutOf } from '../../../src/link/queries/sleeps.ts';
import { deployed } from '../../support/memory.ts';

const location = { file: 't.yaml', line: 4, column: 1, endLine: 4, endColumn: 9 };

it('takes what is declared, else the default of a platform that has one', () => {
  expect(timeoutOf(deployed('A', 'a.js', { timeoutSeconds: { value: 9, location } }))).toEqual({ seconds: 9, location });
  expect(timeoutOf(deployed('A', 'a.js'))).toEqual({ seconds: 3 });
  expect(timeoutOf(deployed('A', 'a.js', { platform: 'netlify' }))).toBeUndefined();
});

it('takes the default of a function that is declared in code, options and all', () => {
  expect(timeoutOf(deployed('A', 'a.js', { platform: 'firebase', foundBy: 'convention' }))).toEqual({ seconds: 60 });
  expect(timeoutOf(deployed('A', 'a.js', { platform: 'firebase', foundBy: 'convention', timeoutUnknown: true }))).toBeUndefined();
  expect(timeoutOf(deployed('A', 'a.js', { platform: 'firebase', foundBy: 'evidence' }))).toBeUndefined();
  expect(timeoutOf(deployed('A', 'a.js', { platform: 'azure', foundBy: 'convention' }))).toBeUndefined();
});

it('takes no default where a timeout is set that is not known, or where nothing declares the function', () => {
  expect(timeoutOf(deployed('A', 'a.js', { timeoutUnknown: true }))).toBeUndefined();
  expect(timeoutOf(deployed('A', 'a.js', { foundBy: 'evidence' }))).toBeUndefined();
});
