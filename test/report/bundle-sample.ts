import type { BundleDetail } from '../../src/model/bundle.ts';

/** Made-up details: one bundle with everything that reports show, its twin, one over its budget, one not measured. */
export function sample(): readonly BundleDetail[] {
  const orders: BundleDetail = {
    result: { function: 'Orders', id: 'template.yaml#Orders', status: 'measured', bytes: 1_000_000, zippedBytes: 300_000, package: 'aaa' },
    unit: 'template.yaml', platform: 'aws', runtime: 'nodejs22.x', form: 'bundled', tool: 'sam',
    parts: [
      { kind: 'package', name: 'big', version: '2.0.0', folder: 'node_modules/big', bytes: 700_000, chain: ['src/orders.ts', 'helper', 'big'], fileCount: 3, files: [{ path: 'node_modules/big/lib/', bytes: 500_000 }, { path: 'node_modules/big/index.js', bytes: 200_000 }] },
      { kind: 'package', name: 'helper', folder: 'node_modules/helper', bytes: 200_000, chain: ['src/orders.ts', 'helper'], fileCount: 1, files: [{ path: 'node_modules/helper/index.js', bytes: 200_000 }] },
      { kind: 'own', name: 'own code', bytes: 95_000, chain: [], fileCount: 2, files: [{ path: 'src/orders.ts', bytes: 60_000 }, { path: 'src/lib.ts', bytes: 35_000 }] },
      { kind: 'bundler', name: 'what the bundler adds', bytes: 5_000, chain: [], fileCount: 0, files: [] },
    ],
    limits: [{ of: 'unpacked', bytes: 262_144_000, usedBytes: 1_000_000, source: 'docs.example', date: '2026' }],
    notes: [{ kind: 'commonJs', subject: 'big', text: 'big is CommonJS', bytes: 700_000 }],
    savings: [{ change: 'without', subject: 'helper', action: 'without helper and what only it brings', savedBytes: 901_000, savedZippedBytes: 260_000 }, { change: 'minify', subject: 'minify', action: 'minify', savedBytes: 400_000 }],
  };
  const twin: BundleDetail = { ...orders, result: { ...orders.result, function: 'Refunds', id: 'template.yaml#Refunds' } };
  const heavy: BundleDetail = { ...orders, result: { function: 'Heavy', id: 'template.yaml#Heavy', status: 'measured', bytes: 300_000_000, package: 'bbb', budget: { warnBytes: 5 } }, form: 'folder', tool: 'serverless', parts: [{ kind: 'package', name: 'idle', folder: 'node_modules/idle', bytes: 300_000_000, chain: ['package.json', 'idle'], unreached: true, fileCount: 1, files: [] }], limits: [{ of: 'unpacked', bytes: 262_144_000, usedBytes: 300_000_000, source: 'docs.example', date: '2026', condition: 'zip packages' }], notes: [], savings: [] };
  const missing: BundleDetail = { ...orders, result: { function: 'Missing', id: 'template.yaml#Missing', status: 'notMeasured', reason: 'package pg is not installed (imported by src/db.ts)', fix: 'npm ci' }, parts: [], limits: [], notes: [], savings: [] };
  return [orders, twin, heavy, missing];
}

/** The same with names that would act on whatever shows them. */
export function hostile(): readonly BundleDetail[] {
  const [first] = sample();
  if (first === undefined) return [];
  const bad = '</title><script>alert(1)</script>\u001b[2J\u202e"\'&';
  return [{ ...first, unit: bad, tool: bad, result: { ...first.result, function: bad }, parts: first.parts.map((part) => ({ ...part, name: bad, chain: [bad, bad], files: part.files.map((file) => ({ ...file, path: bad })) })), notes: [{ kind: 'asset', subject: bad, text: bad, bytes: 1 }], savings: first.savings.map((item) => ({ ...item, action: bad })) }];
}
