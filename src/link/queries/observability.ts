import { logSinkOf } from '../../catalog/loggers.ts';
import type { CallExpr, NewExpr, Stmt } from '../../model/facts.ts';
import type { Resource, ServerlessFunction, TriggerKind } from '../../model/function.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { FunctionView, ProjectView } from '../../model/project.ts';
import { literalText } from '../../model/value.ts';
import { censusOf } from '../census.ts';
import { contains } from '../values.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { isExpectedFailure } from './optional-work.ts';

/** Files in which every setting that is asked for can be written: templates of CloudFormation and SAM. */
const template = /\.(?:ya?ml|json|template)$/;
const otherFormats = /(?:^|\/)(?:serverless|wrangler|vercel|netlify|firebase|manifest|app\.config|package|function)(?:[.-][\w.-]*)?\.(?:ya?ml|json)$/;
/** Packages and settings that send traces themselves. */
const tracers = /^(?:@opentelemetry\/|aws-xray-sdk|@aws-lambda-powertools\/tracer|dd-trace|datadog-lambda-js|@sentry\/|newrelic|@newrelic\/|@lumigo\/|epsagon|@dynatrace|@honeycombio\/|@elastic\/|elastic-apm|@serverless\/sdk|autotel|@vercel\/otel|@logzio)/;

/** Triggers on AWS after which a failed invocation is tried again and then thrown away (AWS Lambda, asynchronous invocation and event source mappings, November 2026). */
const thrownAway: ReadonlySet<TriggerKind> = new Set(['topic', 'bucket', 'bus', 'schedule', 'log', 'stream']);

const isTemplate = (fn: ServerlessFunction): boolean => {
  const file = fn.declaredAt[0]?.file ?? '';
  // A service may keep its functions in files of any name (`functions: ${file(functions.yml)}`): the service's own file says what it is.
  return fn.platform === 'aws' && fn.foundBy === 'infrastructure' && template.test(file) && !otherFormats.test(file) && !otherFormats.test(fn.unit);
};

/** Whether the platform's tracing is off, and nothing else that sends traces is in sight. `false` also where the declaration cannot say. */
export function lacksTracing(view: FunctionView): boolean {
  const { fn } = view;
  if (fn.platform !== 'aws' || fn.tracing?.value === true) return false;
  if (fn.tracing === undefined && !isTemplate(fn)) return false;
  // A layer or a wrapper of the runtime may trace; which one it is cannot be told from a reference.
  if (fn.layers.length > 0 || fn.environment.has('AWS_LAMBDA_EXEC_WRAPPER') || fn.environment.has('NODE_OPTIONS') || fn.packaging?.form === 'image') return false;
  return !view.files().some((file) => view.project.facts(file)?.imports.some((one) => !one.typeOnly && tracers.test(one.source)));
}

/** The triggers whose failed events go nowhere, by the platform's word; empty where there are none or the declaration cannot say. */
export function withoutFailureDestination(view: FunctionView): readonly string[] {
  const { fn, project } = view;
  const triggers = fn.triggers.filter((trigger) => trigger.enabled !== false);
  if (fn.destinations.some(({ kind }) => kind !== 'onSuccess')) return [];
  if (fn.platform === 'cloudflare') return [...new Set(triggers.filter((trigger) => trigger.kind === 'queue').map((trigger) => trigger.source))];
  if (!isTemplate(fn)) return [];
  // A rule, a schedule or a subscription can have a queue of its own.
  if (project.infrastructure.links.some((link) => link.kind === 'redrive' && triggers.some((trigger) => trigger.resource?.kind === 'resource' && link.from.kind === 'resource' && link.from.id === trigger.resource.id && link.from.unit === trigger.resource.unit))) return [];
  return [...new Set(triggers.filter((trigger) => thrownAway.has(trigger.kind)).map((trigger) => trigger.source))].sort();
}

/** Whether the log group is left to the platform, which keeps it for ever: no log group with a retention in the function's template. */
export function lacksLogRetention(view: FunctionView): boolean {
  const { fn, project } = view;
  if (!isTemplate(fn)) return false;
  const groups = project.infrastructure.resources.filter((resource) => resource.kind === 'logGroup' && resource.unit === fn.unit);
  return !groups.some(keepsFor) && !groupFromNested(project, fn.unit) && !retentionElsewhere(project);
}

const keepsFor = ({ properties }: Resource): boolean => properties.kind !== 'object' || properties.open || properties.entries.some(([name]) => name === 'RetentionInDays' || name === 'Fn::If');

const nestedStacks: ReadonlySet<string> = new Set(['AWS::CloudFormation::Stack', 'AWS::Serverless::Application']);

/** A stack nested in the unit may make the group of a function whose name it is handed: some other template has groups of functions that are not kept for ever. */
const groupFromNested = ({ infrastructure: { resources } }: ProjectView, unit: string): boolean => resources.some((one) => one.unit === unit && nestedStacks.has(one.type))
  && resources.some((one) => one.kind === 'logGroup' && one.unit !== unit && namesFunction(one) && keepsFor(one));

function namesFunction({ properties }: Resource): boolean {
  const name = properties.kind === 'object' ? properties.entries.find(([key]) => key === 'LogGroupName')?.[1] : undefined;
  const start = name?.kind === 'template' ? name.parts[0] : name;
  return start !== undefined && literalText(start)?.startsWith('/aws/lambda/') === true;
}

const settingRetentions = new WeakMap<ProjectView, boolean>();

/** Something of the repository sets retentions for groups that others made. Asked once a project: it looks at every resource. */
function retentionElsewhere(project: ProjectView): boolean {
  let known = settingRetentions.get(project);
  if (known === undefined) {
    known = project.infrastructure.resources.some(setsRetentions);
    settingRetentions.set(project, known);
  }
  return known;
}

const setsRetentions = ({ type, properties }: Resource): boolean => /log-?retention/i.test(type)
  || (type.startsWith('Custom::') && contains(properties, (part) => /retention/i.test(literalText(part) ?? '')));

/** A `catch` on the invocation path that keeps an error to itself: no log, no throw, the error handed to nobody, and no failure that is expected. The first one, in order of bodies. */
export function silentCatch(of: FunctionView): SourcePlace | undefined {
  const view = of as LinkedFunction;
  for (const body of view.bodies('invoke')) {
    let found: SourcePlace | undefined;
    for (const item of censusOf(body.fn).tries) {
      if (found || !item.handler || !waits(item.block)) continue;
      if (speaks(view, body, item.handler, item.param?.kind === 'ref' ? item.param.binding : undefined, item.param?.kind === 'pattern')) continue;
      if (!isExpectedFailure(view, body, item)) found = { file: body.file, start: item.handlerStart ?? item.start, end: item.end };
    }
    if (found) return found;
  }
  return undefined;
}

/** Only what waits for something outside can fail for reasons that nobody sees. */
function waits(block: readonly Stmt[]): boolean {
  let found = false;
  walk(block, (item) => { if (item.kind === 'await') found = true; return !found; });
  return found;
}

function speaks(view: LinkedFunction, body: LinkedBody, handler: readonly Stmt[], error: number | undefined, isPattern: boolean): boolean {
  let found = isPattern;
  walk(handler, (item) => {
    if (item.kind === 'throw' || (item.kind === 'ref' && item.binding === error) || rejects(item)) found = true;
    // A log, or a call of which it cannot be told that it is none.
    if ((item.kind === 'call' || item.kind === 'new') && (isLog(view, body, item) || !body.node.externals.some((one) => one.expr === item && one.callee.kind === 'external'))) found = true;
    return !found;
  });
  return found;
}

/** `return Promise.reject(new Error(…))` throws. */
const rejects = (item: Item): boolean => item.kind === 'call' && item.callee.kind === 'member' && item.callee.property === 'reject' && item.callee.object.kind === 'global' && item.callee.object.name === 'Promise';

function isLog(view: LinkedFunction, body: LinkedBody, call: CallExpr | NewExpr): boolean {
  const { callee } = call;
  const method = callee.kind === 'member' && typeof callee.property === 'string' ? callee.property : '';
  const object = callee.kind === 'member' ? callee.object : undefined;
  const owner = object?.kind === 'ref' ? body.facts.bindings[object.binding]?.name : object?.kind === 'global' ? object.name : object?.kind === 'member' && typeof object.property === 'string' ? object.property : undefined;
  const known = view.calls('invoke').find((one) => one.expr === call);
  return logSinkOf(known?.callee, { method, owner }, () => []) !== undefined;
}
