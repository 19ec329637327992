import type { Expr } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, literalText, type Value } from '../../model/value.ts';
import type { LinkedFunction } from '../view.ts';
import { argsOf } from './arguments.ts';
import { isGivenElsewhere } from './elsewhere.ts';

/** A logger or middleware that is set to write every event. */
export interface LoggerSetting {
  readonly what: string;
  readonly place: SourcePlace;
  readonly path: readonly FlowStep[];
  /** It writes nothing until somebody asks for it, or leaves parts out. */
  readonly optIn: boolean;
}

/** Powertools for AWS Lambda (TypeScript) 2, logger, "Log incoming event" (November 2026). */
const eventSwitch = 'POWERTOOLS_LOGGER_LOG_EVENT';

/**
 * Loggers that write the event by themselves: Powertools' `injectLambdaContext` with `logEvent` or the environment variable,
 * `logEventIfEnabled`, and @middy/input-output-logger.
 */
export function loggerSettingsOf(of: FunctionView): readonly LoggerSetting[] {
  const view = of as LinkedFunction;
  const found: LoggerSetting[] = [];
  const asked = /^(?:true|1|y|yes|on)$/i.test(literalText(view.fn.environment.get(eventSwitch)) ?? '');
  const add = (what: string, file: string, at: Expr, path: readonly FlowStep[], optIn: boolean): void => {
    if (!found.some(({ place }) => place.file === file && place.start === at.start)) found.push({ what, place: { file, start: at.start, end: at.end }, path, optIn });
  };
  for (const call of view.calls()) {
    const method = call.callee.path.at(-1)?.replace('#', '') ?? '';
    const { module } = call.callee;
    // What a function of the project's own does with the request is judged there.
    if (module === '@middy/input-output-logger' && isOwnFunction(call.arg(0))) continue;
    if (module === '@middy/input-output-logger') add('The middleware inputOutputLogger', call.body.file, call.expr, call.path, hasEntry(call.arg(0), /^(?:omitPaths|mask|replacer)$/));
    else if (/^@aws-lambda-powertools\/logger/.test(module) || method === 'logEventIfEnabled') {
      // In the editor: a logger of the project's own that is called alike.
      if (method === 'logEventIfEnabled' && !view.project.whole && call.callee.receiver && isGivenElsewhere(call.callee.receiver)) continue;
      if (method === 'logEventIfEnabled') add('logEventIfEnabled', call.body.file, call.expr, call.path, !asked);
      else if (method === 'injectLambdaContext') {
        const state = logEvent(argsOf(call));
        if (state ?? asked) add('The logger', call.body.file, call.expr, call.path, false);
      }
    }
  }
  // `@logger.injectLambdaContext({ logEvent: true })` above a method.
  for (const body of view.bodies('invoke')) {
    const { cls } = body.fn;
    const member = cls === undefined ? undefined : body.facts.classes[cls]?.members.find((item) => item.fn === body.fn.id);
    for (const decorator of member?.decorators ?? []) {
      if (decorator.kind !== 'call' || decorator.callee.kind !== 'member' || decorator.callee.property !== 'injectLambdaContext') continue;
      const frame = view.evaluator.open(body.file, 0);
      if (logEvent(decorator.args.map((arg) => view.evaluator.value(arg, frame))) ?? asked) add('The logger', body.file, decorator, body.path, false);
    }
  }
  return found;
}

/** What `logEvent` is set to; `undefined` where the call does not say. */
function logEvent(args: readonly Value[]): boolean | undefined {
  for (const arg of args) {
    for (const one of alternatives(arg)) {
      const entry = one.kind === 'object' ? one.entries.findLast(([key]) => key === 'logEvent') : undefined;
      if (entry?.[1].kind === 'literal') return entry[1].value === true;
    }
  }
  return undefined;
}

/** `{ logger: (request) => … }` */
const isOwnFunction = (options: Value): boolean => options.kind === 'object' && options.entries.findLast(([key]) => key === 'logger')?.[1].kind === 'function';

const hasEntry = (value: Value, name: RegExp): boolean => value.kind === 'object' && value.entries.some(([key, item]) => name.test(key) && !(item.kind === 'array' && item.items.length === 0));
