import type { TextOptions } from '../../src/report/text.ts';
import type { Finding, ScanResult } from '../../src/model/finding.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { literal } from '../../src/model/value.ts';

export const at = (file: string, line: number, column = 1): { file: string; line: number; column: number; endLine: number; endColumn: number } => ({ file, line, column, endLine: line, endColumn: column + 5 });

export const plain: TextOptions = {
  version: '1.2.3', root: '.', color: false, gaps: false, quiet: false,
  rules: [{
    id: 'no-disk-writes', title: 'Disallow writes to the file system of a function', category: 'state', risk: 'The file is lost.',
    references: [{ title: 'Ephemeral storage', url: 'https://example.com/storage' }, { title: 'What is Serverless', document: '003' }],
    messages: { readOnly: { severity: 'error', repair: 'Write to a bucket.' }, removed: { severity: 'info', repair: 'Use a stream.' } },
  }],
};

export function finding(extra: Partial<Finding> = {}): Finding {
  return {
    ...at('src/orders.ts', 12, 3), rule: 'no-disk-writes', severity: 'error', confidence: 'proved', assumptions: [], message: 'writeFile writes to ./out.json.',
    risk: 'The file is lost.', repair: 'Write to a bucket.', functions: ['Orders'], flow: [], references: [{ title: 'What is Serverless', document: '003' }],
    fingerprint: 'aa.bb', messageId: 'readOnly', data: { what: 'writeFile' }, evidence: ['src/orders.ts'], ...extra,
  };
}

export function deployed(extra: Partial<ServerlessFunction> = {}): ServerlessFunction {
  return {
    id: 'template.yaml#Orders', name: 'Orders', unit: 'template.yaml', platform: 'aws', handlers: [{ file: 'src/orders.ts', export: 'handler', kind: 'default' }],
    triggers: [
      { kind: 'queue', source: 'SQS', filters: [], resource: { kind: 'resource', unit: 'template.yaml', id: 'OrdersQueue', attribute: 'Arn' }, location: at('template.yaml', 9) },
      { kind: 'http', source: 'HttpApi', filters: [{ kind: 'route', method: 'POST', path: '/orders' }] },
    ],
    declaredAt: [at('template.yaml', 4)], foundBy: 'infrastructure', timeoutSeconds: { value: 30, location: at('template.yaml', 6) }, memoryMb: { value: 256, location: at('template.yaml', 7) },
    runtime: { value: 'nodejs22.x', location: at('template.yaml', 8) }, environment: new Map([['TOKEN', literal('s3cr3t')]]), layers: [], mounts: [], destinations: [], ...extra,
  };
}

export function result(extra: Partial<ScanResult> = {}): ScanResult {
  return {
    root: '/machine/checkout', functions: [deployed()], findings: [finding()], bundles: [], gaps: [],
    files: { discovered: 3, analysed: 3, partial: 0, skipped: [] }, incomplete: [], notices: [], ...extra,
  };
}

/** One of everything, for the prose snapshots. */
export const rich: ScanResult = result({
  functions: [deployed(), deployed({ id: 'app/serverless.yml#mail', name: 'mail', unit: 'app/serverless.yml', foundBy: 'evidence', handlers: [], triggers: [{ kind: 'schedule', source: 'schedule', filters: [], enabled: false }] })],
  findings: [
    finding({ file: 'src/lib/store.ts', flow: [{ ...at('src/orders.ts', 3), message: 'handler' }, { ...at('src/orders.ts', 8), message: 'calls save' }, { ...at('src/lib/store.ts', 12, 3), message: 'writeFile writes to ./out.json.' }] }),
    finding({
      file: 'src/orders.ts', line: 20, severity: 'warning', confidence: 'possible', assumptions: ['the queue is the one that triggers it'], rule: 'no-self-invocation', messageId: 'sends', message: 'It sends to its own queue.',
      risk: 'It runs itself.', repair: 'Send to another queue.', functions: ['Mail', 'Orders'], guard: { strength: 'weak', file: 'src/orders.ts', line: 18, why: 'the switch lies outside the chain' }, fingerprint: 'cc.dd', state: 'introduced',
    }),
    finding({ file: 'src/orders.ts', line: 30, suppressed: { by: 'configuration', reason: 'accepted until March' }, fingerprint: 'ee.ff' }),
    finding({ file: 'src/orders.ts', line: 40, state: 'preexisting', fingerprint: 'gg.hh' }),
  ],
  bundles: [{ function: 'Orders', status: 'notMeasured', reason: 'the package "left-pad" is not installed' }, { function: 'mail', status: 'measured', bytes: 2048, zippedBytes: 512, contributors: [{ name: 'left-pad', bytes: 1024, chain: ['src/mail.ts', 'left-pad'] }] }],
  gaps: [{ kind: 'import', file: 'src/orders.ts', line: 2, message: 'require of a variable' }],
  files: { discovered: 5, analysed: 3, partial: 1, skipped: [{ file: 'src/broken.ts', reason: 'line 3: unexpected token' }] },
  incomplete: [{ file: 'src/broken.ts', reason: 'line 3: unexpected token' }],
  notices: ['src/orders.ts:50: unused suppression of no-disk-writes'],
});
