import { madeOf, numberOf, optionsOf, slot, type Made, type Sym } from '../link/program-values.ts';
import type { MachineTask, TriggerFilter } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal, unknown, type Value } from '../model/value.ts';
import type { CdkApp } from './cdk-app.ts';
import { functionOf, listOf } from './cdk-functions.ts';
import { MachineOrders } from './cdk-machine-order.ts';
import { fullName, lastStep } from './cdk-names.ts';
import { attach, link, mapping, sourceKind } from './cdk-triggers.ts';

/** The default event bus of the account. */
const defaultBus: Value = literal('default');

/** Events that services of AWS send. */
const ofServices: Value = { kind: 'object', open: true, entries: [['source', { kind: 'array', open: false, items: [{ kind: 'object', open: false, entries: [['prefix', literal('aws.')]] }] }]] };

/** `Schedule.rate(Duration.minutes(5))`, `Schedule.cron({ minute: '0' })`, `Schedule.expression('rate(1 day)')`. */
export function scheduleOf(app: CdkApp, sym: Sym | undefined): Value {
  const made = madeOf(sym);
  if (!made) return app.value(sym);
  const step = lastStep(made);
  const [first] = made.args;
  if (step === 'expression') return app.value(first);
  if (step === 'rate') {
    const duration = madeOf(first);
    const amount = duration && numberOf(duration.args[0]);
    if (!duration || amount === undefined) return unknown('a rate');
    const unit = lastStep(duration).replace(/s$/, '');
    return literal(`rate(${amount} ${unit}${amount === 1 ? '' : 's'})`);
  }
  if (step === 'cron') {
    const field = (name: string, otherwise: string): string => { const value = slot(first, name)?.value; return value === undefined ? otherwise : value.kind === 'literal' && value.value !== undefined ? String(value.value) : value.kind === 'literal' ? otherwise : '?'; };
    const weekDay = slot(first, 'weekDay');
    const day = slot(first, 'day');
    return literal(`cron(${field('minute', '*')} ${field('hour', '*')} ${weekDay ? field('day', '?') : field('day', '*')} ${field('month', '*')} ${weekDay && !day ? field('weekDay', '*') : field('weekDay', '?')} ${field('year', '*')})`);
  }
  return step === 'at' ? unknown('a point in time') : unknown('a schedule');
}

/** An event pattern in CloudFormation's spelling (`detailType` is `detail-type`). */
function patternOf(app: CdkApp, sym: Sym): Value {
  if (sym.kind !== 'record') return app.value(sym);
  return { kind: 'object', open: sym.open, entries: [...sym.entries].map(([name, item]): [string, Value] => [name === 'detailType' ? 'detail-type' : name, matchers(app, item.value, 0)]) };
}

function matchers(app: CdkApp, sym: Sym, depth: number): Value {
  if (depth > 10 || !app.spend()) return unknown('nested too deeply');
  if (sym.kind === 'record') return { kind: 'object', open: sym.open, entries: [...sym.entries].map(([name, item]): [string, Value] => [name, matchers(app, item.value, depth + 1)]) };
  if (sym.kind === 'list') return { kind: 'array', open: sym.open, items: sym.items.map((item) => matchers(app, item, depth + 1)) };
  const made = madeOf(sym);
  if (!made || !/^aws-events\.Match\./.test(fullName(made))) return app.value(sym);
  const one = (name: string): Value => ({ kind: 'array', open: false, items: [{ kind: 'object', open: false, entries: [[name, made.args[0] ? matchers(app, made.args[0], depth + 1) : unknown('a matcher')]] }] });
  switch (lastStep(made)) {
    case 'exactString': return { kind: 'array', open: false, items: [app.value(made.args[0])] };
    case 'prefix': case 'suffix': case 'wildcard': return one(lastStep(made));
    case 'anythingBut': return { kind: 'array', open: false, items: [{ kind: 'object', open: false, entries: [['anything-but', { kind: 'array', open: false, items: made.args.map((arg) => app.value(arg)) }]] }] };
    case 'exists': return { kind: 'array', open: false, items: [{ kind: 'object', open: false, entries: [['exists', literal(true)]] }] };
    case 'doesNotExist': return { kind: 'array', open: false, items: [{ kind: 'object', open: false, entries: [['exists', literal(false)]] }] };
    default: return unknown(`${lastStep(made)} in a pattern`);
  }
}

/** Targets of a rule: those of its properties, and those added later. */
export function ruleTarget(app: CdkApp, rule: Made, target: Sym, location: Location): void {
  const schedule = app.prop(rule, 'schedule') ?? app.prop(rule, 'scheduleExpression');
  const pattern = app.prop(rule, 'eventPattern') ?? patternAdded(app, rule);
  const bus = app.prop(rule, 'eventBus') ?? app.prop(rule, 'eventBusName');
  const enabled = app.prop(rule, 'enabled')?.value;
  const off = (enabled?.kind === 'literal' && enabled.value === false) || app.text(rule, 'state') === 'DISABLED';
  // `x.onChange(…)` makes a rule over events of the service behind x.
  const service: TriggerFilter[] = rule.form === 'call' && !schedule ? [{ kind: 'pattern', pattern: ofServices }] : [];
  const filters: TriggerFilter[] = pattern ? [{ kind: 'pattern', pattern: patternOf(app, pattern.value) }] : service;
  for (const one of optionsOf(target)) {
    const made = madeOf(one);
    const to = boundTo(app, one, location) ?? (made && !app.drafts.has(made) ? (made.args[0]?.kind === 'record' ? (slot(made.args[0], 'arn')?.value ?? made.args[0]) : made.args[0]) : (slot(one, 'arn')?.value ?? one));
    const retries = numberOf(slot(made?.args[1], 'retryAttempts')?.value);
    const rest = { ...(off ? { enabled: false } : {}), ...(retries === undefined ? {} : { maximumRetryAttempts: retries }) };
    const from = bus ? app.value(bus.value) : defaultBus;
    let attached = false;
    if (schedule) attached = attach(app, to, { kind: 'schedule', source: 'EventBridgeRule', schedule: scheduleOf(app, schedule.value), filters: [], location, ...rest }) || attached;
    if (pattern || !schedule) attached = attach(app, to, { kind: 'bus', source: 'EventBridgeRule', resource: from, filters, location, ...rest }) || attached;
    if (!attached && !off && to) link(app, 'target', pattern ? from : app.value(rule), app.value(to), location, filters);
  }
}

/** A target of the program's own: an object whose `bind` gives the ARN (CDK, `IRuleTarget`). */
function boundTo(app: CdkApp, target: Sym, location: Location): Sym | undefined {
  const bind = slot(target, 'bind')?.value;
  if (bind?.kind !== 'closure') return undefined;
  return slot(app.program.machine.invoke(bind, [], { file: location.file, start: 0, end: 0 }), 'arn')?.value;
}

function patternAdded(app: CdkApp, rule: Made): { readonly value: Sym } | undefined {
  const call = app.program.made.find((made) => made.form === 'call' && lastStep(made) === 'addEventPattern' && madeOf(made.receiver) === rule);
  return call?.args[0] ? { value: call.args[0] } : undefined;
}

/** `new Schedule(scope, id, { schedule, target })` of EventBridge Scheduler, also as `CfnSchedule`. */
export function scheduler(app: CdkApp, made: Made): void {
  const target = app.prop(made, 'target')?.value;
  const holder = madeOf(target);
  const to = holder ? holder.args[0] : (slot(target, 'arn')?.value ?? target);
  const schedule = app.prop(made, 'schedule') ?? app.prop(made, 'scheduleExpression');
  const enabled = app.prop(made, 'enabled')?.value;
  const off = (enabled?.kind === 'literal' && enabled.value === false) || app.text(made, 'state') === 'DISABLED';
  const location = app.location(made.place);
  if (!attach(app, to, { kind: 'schedule', source: 'Scheduler', resource: app.value(made), schedule: scheduleOf(app, schedule?.value), filters: [], location, ...(off ? { enabled: false } : {}) }) && !off && to) link(app, 'target', app.value(made), app.value(to), location);
}

/** `CfnPipe` and the alpha `Pipe`. */
export function pipe(app: CdkApp, made: Made): void {
  const unwrap = (name: string): Sym | undefined => { const value = app.prop(made, name)?.value; const holder = madeOf(value); return holder && !app.resources.has(holder) && !app.drafts.has(holder) && holder.form === 'new' ? holder.args[0] : value; };
  const source = unwrap('source');
  const location = app.location(made.place);
  const parameters = app.prop(made, 'sourceParameters')?.value;
  const settings = parameters?.kind === 'record' ? [...parameters.entries.values()].find((item) => item.value.kind === 'record')?.value : madeOf(app.prop(made, 'source')?.value)?.args[1];
  const [kind] = sourceKind(app, source, settings);
  const patterns = listOf(slot(slot(parameters, 'filterCriteria')?.value, 'filters')?.value).flatMap((item) => { const pattern = slot(item, 'pattern')?.value; return pattern ? [app.value(pattern)] : []; });
  const filters: TriggerFilter[] = patterns.length === 0 ? [] : [{ kind: 'records', patterns }];
  for (const [name, word] of [['enrichment', 'PipeEnrichment'], ['target', 'Pipe']] as const) {
    const to = unwrap(name);
    const attached = attach(app, to, { kind: kind === 'unknown' ? 'queue' : kind, source: word, filters, location, ...(source ? { resource: app.value(source) } : {}), ...mapping(app, settings) });
    if (!attached && name === 'target' && source && to) link(app, 'pipe', app.value(source), app.value(to), location, filters, pipeMessage(app, made));
  }
}

/** What a bus gets beside the record, of `CfnPipe`; absent where the record is changed on the way or that is not seen. */
function pipeMessage(app: CdkApp, made: Made): Value | undefined {
  const parameters = app.prop(made, 'targetParameters')?.value;
  if (lastStep(made) !== 'CfnPipe' || app.prop(made, 'enrichment') || (parameters && parameters.kind !== 'record') || slot(parameters, 'inputTemplate')) return undefined;
  const bus = slot(parameters, 'eventBridgeEventBusParameters')?.value;
  const entries = ([['source', 'source'], ['detail-type', 'detailType']] as const).flatMap(([name, key]): readonly (readonly [string, Value])[] => {
    const value = slot(bus, key)?.value;
    return value ? [[name, app.value(value)]] : [];
  });
  return { kind: 'object', entries, open: true };
}

// ---------------------------------------------------------------- state machines

/** Tasks that call a resource of their own properties: class, property. */
const tasks: ReadonlyMap<string, string> = new Map([
  ['SqsSendMessage', 'queue'], ['SnsPublish', 'topic'], ['DynamoPutItem', 'table'], ['DynamoUpdateItem', 'table'], ['DynamoDeleteItem', 'table'], ['StepFunctionsStartExecution', 'stateMachine'],
  ['SendToQueue', 'queue'], ['PublishToTopic', 'topic'],
]);
const isState = (made: Made): boolean => /^aws-stepfunctions(?:-tasks)?\./.test(fullName(made));

/** Functions that tasks of state machines run, and resources that they write to. */
export function stateMachines(app: CdkApp): void {
  const states = app.program.made.filter(isState);
  if (states.length === 0) return;
  const edges = new Map<Made, Made[]>();
  const add = (from: Made | undefined, to: Made | undefined): void => {
    if (!from || !to || from === to) return;
    const list = edges.get(from);
    if (list) list.push(to); else edges.set(from, [to]);
  };
  for (const made of states) {
    const own = made.form === 'new' && /\.(?:StateMachine)$/.test(fullName(made));
    if (made.form === 'call') {
      const receiver = receiverOf(made);
      // The result of `.next(x)` is the chain: it leads to what it began with and to what comes after.
      add(made, receiver);
      for (const arg of made.args) for (const to of states_(arg)) { add(receiver, to); add(made, to); }
    } else {
      const parts = own ? [slot(app.props(made), 'definition')?.value, slot(app.props(made), 'definitionBody')?.value] : made.args.slice(1);
      for (const part of parts) for (const to of states_(part)) add(made, to);
      if (made.receiver) add(made, receiverOf(made));
    }
  }
  const reachedTasks = new Set<Made>();
  let orders: MachineOrders | undefined;
  for (const machine of states) {
    if (machine.form !== 'new' || !/^aws-stepfunctions\.(?:StateMachine|CfnStateMachine)$/.test(fullName(machine))) continue;
    definitionFile(app, machine);
    const order = (orders ??= new MachineOrders(app, states)).tasks(machine);
    const seen = new Set<Made>([machine]);
    for (const made of seen) {
      for (const next of edges.get(made) ?? []) seen.add(next);
      if (made !== machine && task(app, made, app.value(machine), order.get(made))) reachedTasks.add(made);
    }
  }
  // A task whose machine is not known (a fragment handed to a package) still runs its function.
  for (const made of states) if (made.form === 'new' && !reachedTasks.has(made)) task(app, made, undefined);
}

function receiverOf(made: Made): Made | undefined {
  const { receiver } = made;
  return receiver?.kind === 'attribute' ? receiver.of : madeOf(receiver);
}

/** States inside a value: itself, or the parts of a list or record. */
function states_(sym: Sym | undefined, depth = 0): readonly Made[] {
  if (sym === undefined || depth > 4) return [];
  if (sym.kind === 'attribute') return isState(sym.of) ? [sym.of] : [];
  if (sym.kind === 'list') return sym.items.flatMap((item) => states_(item, depth + 1));
  if (sym.kind === 'oneOf') return sym.options.flatMap((item) => states_(item, depth + 1));
  if (sym.kind === 'record') return [...sym.entries.values()].flatMap((item) => states_(item.value, depth + 1));
  const made = madeOf(sym);
  return made && isState(made) ? [made] : [];
}

/** `CallAwsService` of Lambda's API, and states written as they are. */
function calledService(app: CdkApp, made: Made): Sym | undefined {
  if (/^CallAwsService/.test(lastStep(made)) && app.text(made, 'service') === 'lambda') return slot(app.prop(made, 'parameters')?.value, 'FunctionName')?.value;
  return undefined;
}

/** A state that is written as JSON: every function that it names. */
function written(app: CdkApp, made: Made, machine: Value | undefined): boolean {
  const found = new Set<Made>();
  functionsIn(app, app.prop(made, 'stateJson')?.value, found, 0);
  for (const fn of found) attach(app, fn, { kind: 'stateMachine', source: 'StepFunctions', filters: [], location: app.location(made.place), ...(machine ? { resource: machine } : {}) });
  return found.size > 0;
}

function functionsIn(app: CdkApp, sym: Sym | undefined, into: Set<Made>, depth: number, seen = new Set<Sym>()): void {
  if (sym === undefined || depth > 30 || seen.has(sym)) return;
  seen.add(sym);
  if (sym.kind === 'record') for (const item of sym.entries.values()) functionsIn(app, item.value, into, depth + 1, seen);
  else if (sym.kind === 'list') for (const item of sym.items) functionsIn(app, item, into, depth + 1, seen);
  else if (sym.kind === 'oneOf') for (const item of sym.options) functionsIn(app, item, into, depth + 1, seen);
  else if (sym.kind === 'derived') for (const item of sym.from) functionsIn(app, item, into, depth + 1, seen);
  else {
    const target = functionOf(app, sym);
    if (target) into.add(target);
    else if (sym.kind === 'template') for (const item of sym.parts) functionsIn(app, item, into, depth + 1, seen);
  }
}

function task(app: CdkApp, made: Made, machine: Value | undefined, order?: MachineTask): boolean {
  if (made.form !== 'new' || !/^aws-stepfunctions(?:-tasks)?\./.test(fullName(made)) || /StateMachine$/.test(lastStep(made))) return false;
  const location = app.location(made.place);
  const step = lastStep(made);
  const target = app.prop(made, 'lambdaFunction')?.value ?? calledService(app, made) ?? (/^(?:InvokeFunction|RunLambdaTask|InvokeActivity|EvaluateExpression)$/.test(step) ? made.args[0] : undefined);
  if (target && functionOf(app, target)) return attach(app, target, { kind: 'stateMachine', source: 'StepFunctions', filters: [], location, ...(machine ? { resource: machine } : {}), ...(order ? { tasks: [order] } : {}) });
  if (step === 'CustomState') return written(app, made, machine);
  const property = tasks.get(step);
  const to = property === undefined ? undefined : (app.prop(made, property)?.value ?? made.args[0]);
  if (to && machine) { link(app, 'task', machine, app.value(to), location); return true; }
  if (step === 'EventBridgePutEvents' && machine) {
    for (const entry of listOf(app.prop(made, 'entries')?.value)) {
      const bus = slot(entry, 'eventBus')?.value;
      link(app, 'task', machine, bus ? app.value(bus) : defaultBus, location, [{ kind: 'pattern', pattern: { kind: 'object', open: true, entries: [['source', app.value(slot(entry, 'source')?.value)], ['detail-type', app.value(slot(entry, 'detailType')?.value)]] } }]);
    }
    return true;
  }
  return false;
}

/** A definition in a file or a text, whose functions come in through substitutions. */
function definitionFile(app: CdkApp, machine: Made): void {
  const holders = [app.prop(machine, 'definitionSubstitutions')?.value, app.prop(machine, 'definitionString')?.value, app.prop(machine, 'definition')?.value];
  const body = madeOf(app.prop(machine, 'definitionBody')?.value);
  if (body && /^from(?:File|String)$/.test(lastStep(body))) holders.push(body.args[0]);
  const location = app.location(machine.place);
  const found = new Set<Made>();
  for (const holder of holders) if (!madeOf(holder)) functionsIn(app, holder, found, 0);
  for (const target of found) attach(app, target, { kind: 'stateMachine', source: 'StepFunctions', filters: [], location, resource: app.value(machine) });
}

