import { expect } from 'vitest';
import rule from '../../rules/no-long-running-loop.ts';
import { check } from '../../src/check/check.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from './memory.ts';

const location = { file: 'template.yaml', line: 7, column: 5, endLine: 7, endColumn: 16 };
export const timeout = (seconds: number): Partial<ServerlessFunction> => ({ timeoutSeconds: { value: seconds, location } });

export function findings(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = timeout(30)): readonly Finding[] {
  const { project: linked } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)]);
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
  expect(result.failures).toEqual([]);
  return result.findings;
}
export const spots = (files: Readonly<Record<string, string>>, extra?: Partial<ServerlessFunction>): readonly string[] => findings(files, extra).map((item) => `${item.line} ${item.severity} ${item.messageId}`);

export const head = `import { state, list, take, work } from 'jobs'; const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));`;
/** The body stands from line 3 on. */
export const handler = (body: string, more = ''): Record<string, string> => ({ 'a.ts': `${head} ${more}\nexport const handler = async (event: any, context: any) => {\n${body}\n};\n` });
