import { madeOf, slot, textOf, type Made, type Sym } from '../link/program-values.ts';
import type { TriggerKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { CdkApp } from './cdk-app.ts';
import { lastStep } from './cdk-names.ts';
import { headOf } from './cdk-pattern-parts.ts';
import { attach, draftOf, mapping, sourceFilters, streamed } from './cdk-triggers.ts';

/** What stands before `ToLambda` in the names of construct patterns (AWS Solutions Constructs, read 2026-11). */
const patterns: readonly (readonly [RegExp, TriggerKind, string])[] = [
  [/ApiGateway|Alb|OpenApi/, 'http', 'Api'], [/Sqs/, 'queue', 'SQS'], [/Sns/, 'topic', 'SNS'], [/S3/, 'bucket', 'S3'], [/DynamoDBStreams/, 'stream', 'DynamoDB'], [/KinesisStreams/, 'stream', 'Kinesis'],
  [/Events?Rule|Event[bB]ridge/, 'bus', 'EventBridgeRule'], [/Iot/, 'topic', 'IoTRule'],
];

/** Constructs of packages that are not known: what their names and properties plainly say. */
export function fromPackage(app: CdkApp, made: Made, location: Location): void {
  const step = lastStep(made);
  const head = /^(\w+)ToLambda/.exec(step)?.[1];
  const options = made.args[2];
  if (head !== undefined) {
    const target: Sym | undefined = app.drafts.has(made) ? made : slot(options, 'existingLambdaObj')?.value;
    const found = patterns.find(([pattern]) => pattern.test(head));
    const schedule = slot(slot(options, 'eventRuleProps')?.value, 'schedule');
    const settings = options?.kind === 'record' ? [...options.entries].find(([name]) => /EventSourceProps$/.test(name))?.[1].value : undefined;
    const thing = headOf(app, made);
    const resource = thing && !schedule ? streamed(app.value(thing), found?.[2] ?? '') : undefined;
    if (found) attach(app, target, { kind: schedule ? 'schedule' : found[1], source: found[2], filters: sourceFilters(app, found[1], settings), location, ...(resource ? { resource } : {}), ...mapping(app, settings) });
    return;
  }
  if (/(?:Endpoint|Route)$/.test(step)) { endpoint(app, options, location); return; }
  if (!/Api|Gateway/.test(step)) return;
  if (app.drafts.has(made)) { attach(app, made, { kind: 'http', source: 'Api', filters: [], location }); return; }
  routesIn(app, made, options, 0);
}

/** `new LambdaEndpoint(this, 'Id', { parentResource: api.root, resourceName: 'items', method, lambdaFunction })`: one route of one function. */
function endpoint(app: CdkApp, options: Sym | undefined, location: Location): void {
  if (options?.kind !== 'record') return;
  const fns = [...options.entries.values()].filter((item) => draftOf(app, item.value) !== undefined);
  const [fn] = fns;
  if (fns.length !== 1 || fn === undefined) return;
  const name = textOf(slot(options, 'resourceName')?.value) ?? textOf(slot(options, 'path')?.value) ?? textOf(slot(options, 'pathPart')?.value);
  const parent = [...options.entries].find(([key]) => /^parent|^root/.test(key))?.[1].value;
  const atRoot = parent === undefined || (parent.kind === 'attribute' && parent.path[parent.path.length - 1] === 'root');
  const written = slot(options, 'method')?.value ?? slot(options, 'httpMethod')?.value;
  const method = textOf(written) ?? (written?.kind === 'external' ? written.path[written.path.length - 1] : undefined) ?? '*';
  const path = name === undefined || !atRoot ? undefined : `/${name.replace(/^\//, '')}`;
  attach(app, fn.value, { kind: 'http', source: 'Api', filters: path === undefined ? [] : [{ kind: 'route', method: method.toUpperCase().replace(/^ANY$/, '*'), path }], location });
}

/** `{ path, httpMethod, lambda }` anywhere in the properties of an API construct. */
function routesIn(app: CdkApp, api: Made, sym: Sym | undefined, depth: number): void {
  if (sym === undefined || depth > 6 || !app.spend()) return;
  if (sym.kind === 'list') { for (const item of sym.items) routesIn(app, api, item, depth + 1); return; }
  if (sym.kind !== 'record') return;
  for (const [name, item] of sym.entries) {
    const integration = madeOf(item.value);
    if (integration && /^(?:WebSocket|Http)?Lambda(?:Proxy)?Integration$/.test(lastStep(integration))) {
      const fn = integration.args.find((arg) => draftOf(app, arg) !== undefined);
      if (fn) attach(app, fn, { kind: 'http', source: /WebSocket/.test(lastStep(integration)) ? 'WebSocket' : 'Api', filters: [], location: item.place ? app.location(item.place) : app.at(api) });
      continue;
    }
    if (item.value.kind === 'record' || item.value.kind === 'list') { routesIn(app, api, item.value, depth + 1); continue; }
    if (!draftOf(app, item.value) || !madeOf(item.value)) continue;
    const path = textOf(slot(sym, 'path')?.value) ?? '*';
    const method = textOf(slot(sym, 'httpMethod')?.value) ?? textOf(slot(sym, 'method')?.value) ?? '*';
    attach(app, item.value, { kind: /authori[sz]er/i.test(name) ? 'auth' : 'http', source: 'Api', filters: /authori[sz]er/i.test(name) ? [] : [{ kind: 'route', method: method.toUpperCase().replace(/^ANY$/, '*'), path }], location: item.place ? app.location(item.place) : app.at(api) });
  }
}
