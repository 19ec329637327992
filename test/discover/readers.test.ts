import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { evidenceAbout, readers } from '../../src/discover/readers.ts';

const abouts = [...readers.map((reader) => [reader.name, reader.about] as const), ['evidence', evidenceAbout] as const];

it('are registered once, each with what it reads and what it does not', () => {
  expect(new Set(readers.map((reader) => reader.name)).size).toBe(readers.length);
  expect(readers.length).toBeGreaterThan(20);
  for (const [name, about] of abouts) for (const [key, text] of Object.entries(about)) expect(text, `${name}.${key}`).toMatch(/^\S[^\n|]*\S$/);
  expect(new Set(abouts.map(([, about]) => about.format)).size).toBe(abouts.length);
});

it('stand in the table of supported platforms', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const table = readme.slice(readme.indexOf('<!-- platforms:'), readme.indexOf('<!-- /platforms -->'));
  for (const [name, about] of abouts) expect(table, name).toContain(`| **${about.format}** | ${about.platform} | ${about.files} | ${about.reads} | ${about.not} |`);
});
