import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { defaultBus, link } from './cloudformation-links.ts';
import type { Template } from './cloudformation-template.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document.ts';
import type { ReadContext } from './reader.ts';

/** A service that an API can hand a request to, the actions that hand something on, and the resources that they name. */
interface Integrated {
  readonly service: RegExp;
  readonly action: RegExp;
  readonly type: RegExp;
  /** Field of the request that names the resource. */
  readonly field: RegExp;
  readonly fallback?: Value;
}

/** API Gateway developer guide, "AWS service integrations" and "Integration subtype reference" (read 2026-11). */
const services: readonly Integrated[] = [
  { service: /^sqs$/i, action: /^(?:path|SendMessage)/i, type: /^AWS::SQS::Queue$/, field: /QueueUrl["']?\s{0,8}[:=]\s{0,8}["']?([^"'\s$&]{1,300})/ },
  { service: /^sns$/i, action: /^(?:path|Publish)/i, type: /^AWS::SNS::Topic$/, field: /TopicArn["']?\s{0,8}[:=]\s{0,8}["']?([^"'\s$&]{1,300})/ },
  { service: /^dynamodb$/i, action: /^(?:Put|Update|Delete|BatchWrite|TransactWrite)/i, type: /^AWS::(?:DynamoDB::(?:Global)?Table|Serverless::SimpleTable)$/, field: /TableName["']?\s{0,8}:\s{0,8}["']([^"'$]{1,255})["']/ },
  { service: /^(?:states|StepFunctions)$/i, action: /^Start/i, type: /::StateMachine$/, field: /stateMachineArn["']?\s{0,8}:\s{0,8}["']([^"'$]{1,300})["']/i },
  { service: /^(?:events|EventBridge)$/i, action: /^PutEvents/i, type: /^AWS::Events::EventBus$/, field: /EventBusName["']?\s{0,8}:\s{0,8}["']([^"'$]{1,300})["']/, fallback: defaultBus },
  { service: /^kinesis$/i, action: /^PutRecord/i, type: /^AWS::Kinesis::Stream$/, field: /StreamName["']?\s{0,8}:\s{0,8}["']([^"'$]{1,300})["']/ },
  { service: /^s3$/i, action: /^path/i, type: /^AWS::S3::Bucket$/, field: /^never$/ },
];

export interface Integration {
  /** The integration, or the map that holds `uri` of an OpenAPI operation. */
  readonly node: DocNode;
  readonly api: Value;
  readonly method: string;
  readonly path: string;
  readonly location: Location;
}

/** An API that hands requests to a service without a function: edge from the API to the queue, table, bus or state machine. */
export function linkIntegration(template: Template, wiring: Wiring, context: ReadContext, found: Integration): void {
  const { node } = found;
  const uri = template.value(node.get('Uri') ?? node.get('uri'));
  const subtype = template.text(node.get('IntegrationSubtype') ?? node.get('integrationSubtype'));
  const [service, action] = subtype === undefined ? serviceOf(uri) : splitOnce(subtype, '-');
  const known = services.find((one) => one.service.test(service));
  if (!known || !known.action.test(action)) return;
  // An API that reads an object hands nothing on.
  if (service === 's3' && !/^(?:PUT|POST|\*)$/i.test(template.text(node.get('IntegrationHttpMethod') ?? node.get('httpMethod')) ?? '*')) return;
  const whole = template.value(node);
  const target = referenceOf(wiring, whole, known.type) ?? writtenName(whole, known, service, uri) ?? known.fallback;
  link(context, wiring, 'integration', found.api, target, found.location, [{ kind: 'route', method: found.method, path: found.path }]);
}

/** `arn:aws:apigateway:REGION:SERVICE:action/NAME` or `…:path/PATH`. */
function serviceOf(uri: Value): readonly [string, string] {
  const parts = uri.kind === 'template' ? uri.parts : [uri];
  const text = parts.map((part) => (part.kind === 'literal' ? String(part.value) : '*')).join('');
  const found = /^arn:[^:]{1,40}:apigateway:[^:]{0,40}:([a-z0-9-]{1,40}):(?:action\/([A-Za-z]{1,60})|(path))/.exec(text);
  return [found?.[1] ?? '', found?.[2] ?? found?.[3] ?? ''];
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** The only resource of a type that a value mentions anywhere. */
function referenceOf(wiring: Wiring, value: Value, type: RegExp): Value | undefined {
  const found = new Map<string, Value>();
  const pending: Value[] = [value];
  for (let item = pending.pop(), budget = 5000; item !== undefined && budget > 0; item = pending.pop(), budget--) {
    if (item.kind === 'resource' && type.test(wiring.typeOf(item) ?? '')) found.set(`${item.unit}#${item.id}`, item);
    else if (item.kind === 'template') pending.push(...item.parts);
    else if (item.kind === 'array') pending.push(...item.items);
    else if (item.kind === 'object') pending.push(...item.entries.map(([, entry]) => entry));
    else if (item.kind === 'oneOf') pending.push(...item.options);
    else if (item.kind === 'derived') pending.push(...item.from);
  }
  const [only] = found.values();
  return found.size === 1 ? only : undefined;
}

/** A name that stands in a literal of the request, or as the last part of the path. */
function writtenName(value: Value, known: Integrated, service: string, uri: Value): Value | undefined {
  const text = (item: Value): string[] => (item.kind === 'literal' ? [String(item.value)] : item.kind === 'object' ? item.entries.flatMap(([key, entry]) => text(entry).map((part) => `${key}:${part}`)) : item.kind === 'array' ? item.items.flatMap(text) : []);
  for (const part of text(value)) {
    const name = known.field.exec(part.slice(0, 20_000))?.[1];
    if (name !== undefined) return literal(name);
  }
  if (uri.kind !== 'literal') return undefined;
  // A queue's path is its account and name, an object's its bucket and key.
  const pattern = service === 'sqs' ? /:path\/\d{1,20}\/([A-Za-z0-9_.-]{1,80})$/ : service === 's3' ? /:path\/([a-z0-9.-]{3,63})(?:$|\/)/ : undefined;
  const path = pattern?.exec(String(uri.value))?.[1];
  return path === undefined ? undefined : literal(path);
}
