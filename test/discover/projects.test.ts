import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { discoverAll } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import type { Infrastructure } from '../../src/model/function.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';

/** What the platform would run of each project below fixtures/discover: name, handler, kinds of triggers, timeout. All else there is a trap. */
const projects: Readonly<Record<string, readonly string[]>> = {
  sam: [
    'PackParcel services/parcels/pack.ts#run queue 12',
    'PrintLabel services/labels/print.js#onLabel bucket,schedule 40',
  ],
  cloudformation: [
    'Auditor code/checks/audit.mjs#nightly schedule unknown',
    'Booker code/book.js#entry stream 25',
  ],
  serverless: [
    'remind booking/desk/remind.js#send schedule,queue 55',
    'reserve booking/desk/reserve.ts#accept http 14',
  ],
  'azure-v3': [
    'PackOrder app/PackOrder/index.ts#default queue 240',
    'TakeOrder app/orders/take.ts#takeOrder http 240',
  ],
  'azure-v4': [
    'bill-basic svc/entry.js#bill-basic queue -',
    'bill-gold svc/entry.js#bill-gold queue -',
    'hello svc/web/greet.js#greet http -',
    'sweep svc/jobs/sweep.js#sweep schedule -',
  ],
  firebase: [
    'ping cloud/start.js#ping http 20',
    'tidy cloud/start.js#tidy schedule 100',
    'users-welcome cloud/start.js#welcome document -',
  ],
  google: [
    'intake worker/boot.js#intake http 75',
    'onDrop worker/boot.js#onDrop bucket -',
  ],
  cloudflare: [
    'Room edge/app/room.ts#Room invoke -',
    'edge edge/app/entry.ts#default.fetch edge/app/entry.ts#default.scheduled edge/app/entry.ts#default.queue http,schedule,queue -',
  ],
  openwhisk: ['mail/compose actions/compose.js#write http,schedule 30'],
  vercel: [
    'api/hello/[name] site/api/hello/[name].ts#GET http -',
    'api/reports/weekly site/api/reports/weekly.ts#default http,schedule 90',
  ],
  netlify: [
    'refresh backend/endpoints/refresh.js#handler schedule -',
    'resize-background backend/endpoints/resize-background.js#handler http -',
    'subscribe backend/endpoints/subscribe.mts#default http -',
  ],
  architect: [
    'http/get /threads src/http/get-threads/index.mjs#handler http 8',
    'http/post /threads/:id src/http/post-threads-000id/index.js#handler http 8',
    'queues/digest src/queues/digest/index.ts#handler queue 8',
    'scheduled/prune src/scheduled/prune/index.js#handler schedule 120',
  ],
};

function read(project: string): Infrastructure {
  const root = fileURLToPath(new URL(`../../fixtures/discover/${project}`, import.meta.url));
  const workspace = openWorkspace(root, { root });
  return discoverAll(workspace, createFactsLoader(workspace), { params: new Map() });
}

describe.each(Object.entries(projects))('the project of %s', (project, functions) => {
  it('has these functions and no other', () => {
    const found = read(project);
    expect(found.functions.map((fn) => [
      fn.name, ...fn.handlers.map((handler) => `${handler.file}#${handler.export}`), fn.triggers.map((trigger) => trigger.kind).join(), fn.timeoutSeconds?.value ?? (fn.timeoutUnknown ? 'unknown' : '-'),
    ].join(' '))).toEqual(functions);
    expect(found.problems).toEqual([]);
    expect(found.gaps).toEqual([]);
  });
});
