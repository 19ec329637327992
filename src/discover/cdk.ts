import { fromJson } from '../link/program-machine.ts';
import { same, textOf, type Made, type Sym } from '../link/program-values.ts';
import { literal } from '../model/value.ts';
import { CdkApp, type CdkDraft } from './cdk-app.ts';
import { visitFunctions } from './cdk-aspects.ts';
import { cdkEntries, type CdkEntry } from './cdk-apps.ts';
import { stateMachines } from './cdk-events.ts';
import { isFunction, readCdkFunction } from './cdk-functions.ts';
import { fillFromTemplates } from './cdk-out.ts';
import { patternProps } from './cdk-package-props.ts';
import { patternParts } from './cdk-pattern-parts.ts';
import { wirePermission } from './cdk-permissions.ts';
import { readCdkResource, withProperties } from './cdk-resources.ts';
import { wire } from './cdk-wire.ts';
import { isAside } from './path-aside.ts';
import { programTooLarge, type ReadContext, type Reader } from './reader.ts';
import { readJson } from './source-path-build.ts';

/**
 * Apps of the AWS CDK (v1 and v2, TypeScript and JavaScript), followed by `link`'s program engine and never run. A deployment
 * unit is the app's program; a function's name is its path of construct ids.
 *
 * Several instances of one stack class (or of classes that extend it) whose functions have the same code (one a stage or region) are one function: the
 * instance of the asked stage, else one whose id speaks of production, else the first. Functions of one stack that share a
 * handler stay several, as they are deployed.
 */
export const cdkReader: Reader = {
  name: 'cdk',
  about: {
    format: 'AWS CDK (v1 and v2; TypeScript, JavaScript)', platform: 'AWS', files: "`cdk.json`, the app's program; an earlier `cdk.out` fills in settings",
    reads: 'stacks, own constructs and workspace packages, packages of constructs through the apps that try them, loops, `NodejsFunction`, `Function`, images, aliases, event sources, notifications, rules, destinations, pipes, state machines, APIs with their authorizers, function URLs, environment with tokens',
    not: 'apps in other languages; constructs of packages beyond what their properties plainly say',
  },
  // The first file that speaks of the CDK leads to all apps.
  once: true,
  matches: (file) => /(?:^|\/)(?:cdk|package)\.json$/.test(file) && !/(?:^|\/)(?:node_modules|cdk\.out)\//.test(file),
  sniff: (text) => /aws-cdk-lib|@aws-cdk\/|monocdk/.test(text) || /"app"\s{0,5}:/.test(text),
  read(_file, context) {
    if (!context.program) return;
    const seen = new Set<string>();
    for (const entry of cdkEntries(context)) {
      try {
        readApp(entry, context, seen);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        context.problem({ file: entry.entry, reason: 'the program is nested too deeply' });
      }
    }
  },
};

function readApp(entry: CdkEntry, context: ReadContext, seen: Set<string>): void {
  const settings = contextValues(entry, context);
  const program = context.program?.(entry.entry, {
    cwd: entry.cwd,
    onMade: (made, machine) => {
      if (made.path.at(-1) === '#getResource') return addedResource(made, machine.made);
      const [key] = made.args;
      const name = /^#?(?:tryGetContext|getContext)$/.test(made.path.at(-1) ?? '') && key?.kind === 'literal' ? String(key.value) : undefined;
      const value = name === undefined ? undefined : settings.get(name);
      return value === undefined ? undefined : fromJson(value, 0);
    },
  });
  if (!program) {
    context.gap({ kind: 'program', file: entry.config ?? entry.entry, line: 1, message: `the program ${entry.entry} could not be read` });
    return;
  }
  context.used(entry.entry);
  readConstructs(new CdkApp(program, entry, context), seen);
}

/**
 * `parent.getResource('orders') ?? parent.addResource('orders')`: the part of an API's path that was added before, nothing otherwise (aws-apigateway,
 * `IResource.getResource`, read 2026-11).
 */
function addedResource(asked: Made, made: readonly Made[]): Sym | undefined {
  const part = textOf(asked.args[0]);
  const { receiver } = asked;
  if (part === undefined || receiver === undefined) return undefined;
  const fits = (one: Made): boolean => one.receiver !== undefined && same(one.receiver, receiver);
  // A whole path adds its parts under names that are not looked at here.
  if (made.some((one) => /^#(?:resourceForPath|addProxy)$/.test(one.path.at(-1) ?? '') && fits(one))) return undefined;
  return made.findLast((one) => one.path.at(-1) === '#addResource' && textOf(one.args[0]) === part && fits(one)) ?? literal(undefined);
}

/** Everything that a followed program makes with the CDK; functions that something else declares may stand in `drafts` before. */
export function readConstructs(app: CdkApp, seen: Set<string>): void {
  const { program, context, entry } = app;
  const owned = program.made.filter((made) => app.owns(made));
  for (const made of owned) {
    const parts = patternParts(app, made);
    if (parts) app.parts.set(made, parts);
    const pattern = patternProps(app, made);
    if (pattern) app.functionProps.set(made, pattern);
    if (pattern || isFunction(app, made)) app.known.add(made);
    else {
      const resource = readCdkResource(app, made);
      if (resource) { app.known.add(made); app.resources.set(made, resource); }
    }
  }
  for (const made of owned) {
    if (!app.known.has(made) || app.resources.has(made) || app.drafts.has(made)) continue;
    const draft = readCdkFunction(app, made);
    if (draft) app.drafts.set(made, draft); else app.known.delete(made);
  }
  fillFromTemplates(app);
  joinInstances(app);
  for (const made of owned) wire(app, made);
  visitFunctions(app);
  stateMachines(app);
  for (const made of owned) wirePermission(app, made);
  emit(app, seen);
  for (const gap of program.gaps()) {
    const { file, line } = program.location(gap.place);
    context.gap({ kind: 'program', file, line, message: gap.message });
  }
  if (program.cut) context.gap({ kind: 'program', file: entry.entry, line: 1, message: programTooLarge });
}

/** Context of `cdk.json`, with what the user gives instead. */
function contextValues(entry: CdkEntry, context: ReadContext): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  const given = entry.config === undefined ? undefined : readJson(context.workspace, entry.config)?.['context'];
  if (typeof given === 'object' && given !== null) {
    for (const [name, value] of Object.entries(given)) values.set(name, value);
  }
  for (const [name, value] of context.params) values.set(name, value);
  if (context.stage !== undefined) for (const name of ['stage', 'env', 'environment', 'stageName']) values.set(name, context.stage);
  return values;
}

/** Joins the functions of several instances of one stack; the resources of a stack whose functions all stand for others go with them. */
function joinInstances(app: CdkApp): void {
  const firsts = new Map<string, CdkDraft>();
  for (const draft of app.drafts.values()) {
    const key = `${draft.fn.id}\n${codeKey(draft)}`;
    const first = firsts.get(key);
    if (!first) firsts.set(key, draft);
    else if (!draft.made.certain || !first.made.certain) app.alternativeOf.set(draft.made, first.made);
  }
  const groups = new Map<string, CdkDraft[]>();
  for (const draft of app.drafts.values()) {
    if (app.alternativeOf.has(draft.made)) continue;
    const key = `${app.keyOf(draft.made)}\n${codeKey(draft)}`;
    groups.set(key, [...(groups.get(key) ?? []), draft]);
  }
  const open = new Set<Made>();
  const merged = new Map<Made, Made>();
  for (const group of groups.values()) {
    const best = group.length === 1 ? group[0] : preferred(app, group);
    for (const draft of group) {
      const stack = app.stackOf(draft.made);
      const other = best && app.stackOf(best.made);
      // Two of one stack are two functions.
      if (!best || draft === best || !stack || stack === other) { if (stack) open.add(stack); continue; }
      app.standsFor.set(draft.made, best.made);
      if (other) merged.set(stack, other);
    }
  }
  const byKey = new Map<string, Made[]>();
  for (const made of app.resources.keys()) byKey.set(app.keyOf(made), [...(byKey.get(app.keyOf(made)) ?? []), made]);
  for (const made of app.resources.keys()) {
    const stack = app.stackOf(made);
    const target = stack && !open.has(stack) ? merged.get(stack) : undefined;
    const twin = target && byKey.get(app.keyOf(made))?.find((other) => app.stackOf(other) === target);
    if (twin) app.standsFor.set(made, twin);
  }
}

const codeKey = (draft: CdkDraft): string => draft.fn.handlers.map((handler) => `${handler.file}#${handler.export}`).join('|');

function preferred(app: CdkApp, group: readonly CdkDraft[]): CdkDraft | undefined {
  const { stage } = app.context;
  const words = (draft: CdkDraft): ReadonlySet<string> => new Set(app.idOf(draft.made).replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/));
  return (stage === undefined ? undefined : group.find((draft) => words(draft).has(stage.toLowerCase()))) ?? group.find((draft) => [...words(draft)].some((word) => /^(?:prod|production|prd|live)$/.test(word))) ?? group[0];
}

function emit(app: CdkApp, seen: Set<string>): void {
  const ids = new Map<string, number>();
  for (const draft of app.drafts.values()) {
    if (app.standsFor.has(draft.made) || app.alternativeOf.has(draft.made) || app.foreign.has(draft.made)) continue;
    const count = (ids.get(draft.fn.id) ?? 0) + 1;
    ids.set(draft.fn.id, count);
    // Another app of the workspace deploys the same construct of the same stack (one program a stage).
    const stack = app.stackOf(draft.made);
    // What a test makes of its own is no function of the package; what it makes of the package counts once.
    const own = draft.fn.handlers.filter((handler) => !isAside(handler.file));
    if (app.entry.tries && own.length === 0) continue;
    const shared = app.entry.tries ? `tried ${draft.made.written.file}:${draft.made.written.start} ${codeKey(draft)}` : `${stack?.instance ? `${stack.instance.cls.file}#${stack.instance.cls.cls}` : app.unit}\n${app.keyOf(draft.made)}\n${codeKey(draft)}\n${count}`;
    if (seen.has(shared)) continue;
    seen.add(shared);
    app.context.addFunction({
      ...draft.fn, ...draft.late, ...(count > 1 ? { id: `${draft.fn.id}~${count}` } : {}), environment: draft.environment, triggers: distinct(draft.triggers, (item) => [item.kind, item.source, item.location, item.resource, item.filters, item.schedule]), destinations: draft.destinations,
    });
    for (const location of draft.fn.declaredAt) app.context.used(location.file);
  }
  for (const item of distinct(app.links, (one) => one)) app.context.addLink(item);
  for (const item of distinct(app.published, (one) => one)) app.context.addPublished(item);
  for (const [made, resource] of app.resources) if (!app.standsFor.has(made)) app.context.addResource(withProperties(app, made, resource));
  for (const [made, parts] of app.parts) if (!app.standsFor.has(made)) for (const part of new Set(parts.values())) if ('resource' in part) app.context.addResource(part.resource);
}

/** What is reached twice at one place with equal values (by two instances of a stack) counts once. */
function distinct<T>(items: readonly T[], part: (item: T) => unknown): readonly T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = JSON.stringify(part(item));
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
