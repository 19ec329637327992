import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';

/** Sections of a page by their headings, with their texts; what stands before the first is under ''. */
function sectionsOf(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>();
  let name = '';
  let isCode = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    const heading = isCode ? undefined : /^## (.+)$/.exec(line)?.[1];
    if (heading !== undefined) name = heading;
    else sections.set(name, `${sections.get(name) ?? ''}${line}\n`);
  }
  return sections;
}

const blocks = (text: string): readonly { readonly language: string; readonly code: string }[] => [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }));

describe.each(rules.map((rule) => ({ id: rule.id, rule })))('the page of $id', ({ id, rule }) => {
  const text = readFileSync(join('docs/rules', `${id}.md`), 'utf8');
  const sections = sectionsOf(text);

  it('says what is reported, why, good and bad code, when not to use it, and what it misses', () => {
    expect(text.startsWith(`# ${id}\n`), 'title').toBe(true);
    for (const name of ['What is reported', 'Why', 'Bad', 'Good', 'When not to use it', 'Known gaps']) {
      expect([...sections.keys()], `section ${name}`).toContain(name);
      expect((sections.get(name) ?? '').trim().length, `text of ${name}`).toBeGreaterThan(30);
    }
  });

  it('gives figures, the source document and a vendor\'s page', () => {
    const why = sections.get('Why') ?? '';
    // Numbers of documents, versions and addresses are none.
    const plain = why.replace(/https?:\/\/\S+|\b00\d\b|`[^`]*`|(?:nodejs|\bv)\d[\d.x]*/g, '');
    expect(plain, 'a figure').toMatch(/\d/);
    expect(why, 'a page').toMatch(/\]\(https:\/\/[^)\s]+\)/);
    expect(rule.references.some((reference) => reference.document !== undefined && why.includes(reference.document)), 'a document that the rule cites').toBe(true);
    expect(rule.references.some((reference) => reference.url !== undefined), 'a vendor\'s page in the rule').toBe(true);
    expect(rule.references.flatMap(({ url }) => (url === undefined || text.includes(`](${url})`) ? [] : [url])), 'pages that only the rule names').toEqual([]);
  });

  it('names every message and option', () => {
    const first = [...sections].filter(([name]) => name !== 'Known gaps').map(([, part]) => part).join('\n');
    expect(Object.keys(rule.messages).filter((message) => !first.includes(`\`${message}\``)), 'messages').toEqual([]);
    const options = Object.keys(rule.options);
    if (options.length > 0) expect([...sections.keys()], 'section').toContain('Options');
    expect(options.filter((option) => !(sections.get('Options') ?? '').includes(`\`${option}\``)), 'options').toEqual([]);
  });

  it('gives messages the severity that they have', () => {
    const rows = [...(sections.get('What is reported') ?? '').matchAll(/^\| ((?:`\w+`(?:, )?)+) \| (error|warning|info)\b/gm)];
    const said = new Map(rows.toReversed().flatMap(([, ids = '', severity = '']) => [...ids.matchAll(/\w+/g)].map(([name]) => [name, severity] as const)));
    for (const [name, severity] of said) expect(rule.messages[name]?.severity, name).toBe(severity);
  });

  it('shows code that can be read', () => {
    // Some show a handler's inside only.
    const isCode = (language: string, code: string): boolean => [code, `async function f() {\n${code}}`].some((part) => parseSync(`example.${language}`, part).errors.length === 0);
    const examples = [...blocks(sections.get('Bad') ?? ''), ...blocks(sections.get('Good') ?? '')];
    expect(blocks(sections.get('Bad') ?? '').length, 'bad code').toBeGreaterThan(0);
    expect(blocks(sections.get('Good') ?? '').length, 'good code').toBeGreaterThan(0);
    expect(examples.filter(({ language, code }) => /^(?:js|ts)$/.test(language) && !isCode(language, code)).map(({ code }) => code)).toEqual([]);
    expect(examples.filter(({ language }) => language === '').length, 'blocks without a language').toBe(0);
  });
});

describe('the table of presets', () => {
  interface Share { readonly of: number }
  const measured = (JSON.parse(readFileSync('docs/precision.json', 'utf8')) as { readonly rules: Readonly<Record<string, {
    readonly labels?: Share & { readonly found: number };
    readonly findings?: { readonly loud: number; readonly unlabelled: number };
    readonly read?: { readonly right: number; readonly wrong: number; readonly unsure: number };
    readonly wouldFix?: Share & { readonly yes: number };
    readonly again?: { readonly wouldFix: Share & { readonly yes: number } };
  }>> }).rules;
  const table = readFileSync('docs/presets.md', 'utf8');

  it.each(rules.map((rule) => [rule.id, rule.preset] as const))('has %s in %s', (id, preset) => {
    expect(table).toContain(`| [${id}](rules/${id}.md) | ${preset} |`);
  });

  it('rests on figures of rules that exist, none of which is more than the whole', () => {
    for (const [id, { labels, findings, read, wouldFix }] of Object.entries(measured)) {
      expect(rules.map((rule) => rule.id)).toContain(id);
      for (const [part, whole] of [[labels?.found, labels?.of], [findings?.unlabelled, findings?.loud], [wouldFix?.yes, wouldFix?.of]]) {
        if (part !== undefined && whole !== undefined) expect(part, id).toBeLessThanOrEqual(whole);
      }
      for (const count of Object.values(read ?? {})) expect(Number.isInteger(count) && count >= 0, id).toBe(true);
    }
  });

  it('keeps out of recommended what few would mend', () => {
    const held = new Set(rules.filter((rule) => rule.preset === 'recommended').map((rule) => rule.id));
    const few = Object.entries(measured).filter(([id, { wouldFix, again }]) => held.has(id) && [wouldFix, again?.wouldFix].some((one) => one !== undefined && one.yes / one.of < 0.7)).map(([id]) => id);
    expect(few).toEqual([]);
  });
});
