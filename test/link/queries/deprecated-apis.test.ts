import { describe, expect, it } from 'vitest';
import { deprecatedUses } from '../../../src/link/queries/deprecated-apis.ts';
import { deployed, project } from '../../support/memory.ts';

const uses = "import AWS from 'aws-sdk';\nexport const client = new AWS.S3();\n";
const files = (sources: Readonly<Record<string, string>>): readonly string[] => deprecatedUses(project({ 'h.js': 'export const handler = async () => 1;', ...sources }, [deployed('A', 'h.js')]).fn).map(({ at }) => at.file);

describe('where an API is told that several files use', () => {
  it('is the first file by name, whatever is loaded first', () => {
    const handler = (first: string, second: string): string => `import * as one from './${first}.js';\nimport * as two from './${second}.js';\nexport const handler = async () => [one.client.getObject({}), two.client.getObject({})];\n`;
    expect(files({ 'h.js': handler('b', 'c'), 'b.js': uses, 'c.js': uses })).toEqual(['b.js']);
    expect(files({ 'h.js': handler('c', 'b'), 'b.js': uses, 'c.js': uses })).toEqual(['b.js']);
    // A hop more on the way to the first.
    expect(files({ 'h.js': handler('a', 'c'), 'a.js': "export * from './b.js';\n", 'b.js': uses, 'c.js': uses })).toEqual(['b.js']);
  });

  it("is the handler's own file before others", () => {
    expect(files({ 'h.js': "import AWS from 'aws-sdk';\nimport { client } from './b.js';\nexport const handler = async () => [new AWS.S3(), client.getObject({})];\n", 'b.js': uses })).toEqual(['h.js']);
  });
});
