import { currentRuntime, dayAfter, monthsBefore, runtimeFact } from '../src/catalog/runtime-ends.ts';
import { shownChange } from '../src/link/queries/iac-change.ts';
import { defineRule } from '../src/rule.ts';

/** A warning from so many days before the end of support. */
const WARN_DAYS = 90;
/** Told of so many months before the end of support. */
const TELL_MONTHS = 6;

const template = (runtime: string): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: ${runtime}\n      Timeout: 30\n`;
const code = 'export const handler = async () => "ok";\n';

export default defineRule({
  id: 'no-deprecated-runtime',
  title: 'Disallow runtimes that have ended or are about to',
  scope: 'function',
  category: 'lock-in',
  preset: 'recommended',
  risk: 'A runtime past its end gets no security fixes, and from a known day on the platform refuses to deploy to it: an urgent repair then waits for an upgrade.',
  references: [
    { title: 'Serverless Architecture Overview: forced API upgrades', document: '004' },
    { title: 'AWS Lambda: runtimes and their deprecation', url: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html' },
  ],
  messages: {
    blocked: { severity: 'error', text: '{runtime} has ended: since {blocked} {then}.', repair: 'Move to a current runtime and test the functions on it.{change}' },
    unknown: { severity: 'error', text: '{platform} has no runtime {runtime}: nothing can be deployed with it.', repair: 'Write the identifier of a current runtime.{change}' },
    deprecated: { severity: 'warning', text: '{runtime} is deprecated since {deprecated}; {next}.', repair: 'Move to a current runtime and test the functions on it.{change}' },
    ending: { severity: 'warning', text: '{runtime} will be deprecated on {deprecated}, in less than 90 days; {next}.', repair: 'Move to a current runtime and test the functions on it.{change}' },
    told: { severity: 'info', text: '{runtime} will be deprecated on {deprecated}; this becomes a warning on {warns}.', repair: 'Plan the move to a current runtime.{change}' },
  },
  options: {},
  examples: [
    { title: 'Deprecated, updates still accepted', code, template: template('nodejs18.x'), reports: ['deprecated'] },
    { title: 'Updates are blocked', code, template: template('nodejs12.x'), reports: ['blocked'] },
    { title: 'Current', code, template: template('nodejs24.x'), reports: [] },
  ],
  *check({ view }) {
    const { fn, project } = view;
    // The declared runtime of a container image is not what runs.
    if (!fn.runtime || fn.packaging?.form === 'image') return;
    const { value: written, location: at } = fn.runtime;
    const fact = runtimeFact(fn.platform, written);
    if (fact.kind === 'notJudged') return;
    const current = currentRuntime(fn.platform, fn.generation);
    const change = current === undefined ? '' : shownChange(fn, at, { set: 'runtime', value: current });
    if (fact.kind === 'neverWas') {
      yield { message: 'unknown', at, data: { runtime: written, platform: 'AWS Lambda', change } };
      return;
    }
    const { date } = project;
    const { name: runtime, deprecated, blocked, then = '' } = fact.end;
    if (deprecated === undefined) return;
    const next = blocked === undefined ? 'it gets no more fixes' : `from ${blocked} on ${then}, and this becomes an error`;
    if (blocked !== undefined && date >= blocked) yield { message: 'blocked', at, data: { runtime, blocked, then, change } };
    else if (date >= deprecated) yield { message: 'deprecated', at, data: { runtime, deprecated, next, change } };
    else if (date >= dayAfter(deprecated, -WARN_DAYS)) yield { message: 'ending', at, data: { runtime, deprecated, next, change } };
    else if (date >= monthsBefore(deprecated, TELL_MONTHS)) yield { message: 'told', at, data: { runtime, deprecated, warns: dayAfter(deprecated, -WARN_DAYS), change } };
  },
});
