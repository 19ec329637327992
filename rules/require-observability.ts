import { shownChange } from '../src/link/queries/iac-change.ts';
import { lacksLogRetention, lacksTracing, silentCatch, withoutFailureDestination } from '../src/link/queries/observability.ts';
import { defineRule } from '../src/rule.ts';

const template = (properties: string, resources = ''): string => `AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Function:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: .\n      Handler: handler.handler\n      Runtime: nodejs22.x\n${properties}${resources}`;
const code = 'export const handler = async (event) => event.id;\n';
const group = "  Log:\n    Type: AWS::Logs::LogGroup\n    Properties:\n      LogGroupName: !Sub /aws/lambda/${Function}\n      RetentionInDays: 30\n";

export default defineRule({
  id: 'require-observability',
  title: 'Require what is needed to see a function fail',
  scope: 'function',
  category: 'observability',
  preset: 'strict',
  risk: 'There is no machine to log on to: what a function did not log, trace or put aside is gone, and its failures are found by its users.',
  references: [
    { title: 'Serverless Architecture Overview: observability and monitoring', document: '004' },
    { title: 'Serverless Architecture explained: monitoring', document: '001' },
    { title: 'AWS Lambda: capturing records of asynchronous invocations', url: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html' },
    { title: 'AWS Lambda: visualize function invocations using AWS X-Ray', url: 'https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html' },
  ],
  messages: {
    missing: { severity: 'info', text: '{function} cannot be seen to fail: {missing}.', repair: '{repairs}{change}' },
  },
  options: {
    ask: { type: 'strings', default: ['errors', 'tracing', 'failures', 'retention'], description: 'What is asked for: `errors` (errors that are caught are logged), `tracing`, `failures` (a destination for failed events), `retention` (of the logs).' },
  },
  examples: [
    { title: 'Nothing but the function', code, template: template('      Events:\n        Night:\n          Type: Schedule\n          Properties:\n            Schedule: rate(1 day)\n'), reports: ['missing'] },
    { title: 'Traced, kept for a month, failures put aside', code, template: template('      Tracing: Active\n      DeadLetterQueue:\n        Type: SQS\n        TargetArn: arn:aws:sqs:eu-west-1:123456789012:failed\n      Events:\n        Night:\n          Type: Schedule\n          Properties:\n            Schedule: rate(1 day)\n', group), reports: [] },
    { title: 'Only failures are asked for', code, template: template(''), options: { ask: ['failures'] }, reports: [] },
  ],
  *check({ view, options }) {
    const asked = options['ask'];
    const asks = (what: string): boolean => Array.isArray(asked) && asked.includes(what);
    const { fn, project } = view;
    const [at] = fn.declaredAt;
    if (!at || fn.foundBy === 'evidence') return;
    const missing: string[] = [];
    const repairs: string[] = [];
    const changes: string[] = [];
    // Resources of CloudFormation have other words than those of SAM.
    const isPlain = fn.packaging?.tool === 'cloudformation';
    const silent = asks('errors') ? silentCatch(view) : undefined;
    if (silent) {
      missing.push(`an error that is caught in ${silent.file}:${project.location(silent).line} is not logged`);
      repairs.push('Log the error with the id of the request.');
    }
    if (asks('tracing') && lacksTracing(view)) {
      missing.push('tracing is off');
      repairs.push('Switch tracing on.');
      changes.push(shownChange(fn, fn.tracing?.location ?? at, { set: isPlain ? 'tracingConfig' : 'tracing' }, at));
    }
    const lost = asks('failures') ? withoutFailureDestination(view) : [];
    if (lost.length > 0) {
      missing.push(`failed events of ${lost.join(', ')} go nowhere`);
      repairs.push('Name a dead-letter queue or a destination on failure.');
      // Records of a stream that failed go where its mapping says.
      if (fn.platform === 'cloudflare') changes.push(shownChange(fn, fn.triggers.find((trigger) => trigger.kind === 'queue')?.location ?? at, { set: 'deadLetterQueue' }, at));
      else if (!fn.triggers.some((trigger) => trigger.kind === 'stream')) changes.push(shownChange(fn, at, { set: isPlain ? 'failureConfig' : 'failureQueue' }));
    }
    if (asks('retention') && lacksLogRetention(view)) {
      missing.push('its logs are kept for ever');
      repairs.push('Declare the log group with a retention.');
    }
    if (missing.length > 0) yield { message: 'missing', at, data: { function: fn.name, missing: missing.join('; '), repairs: repairs.join(' '), change: changes.join('') }, ...(silent ? { evidence: [silent.file] } : {}) };
  },
});
