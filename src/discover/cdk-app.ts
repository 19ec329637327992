import type { Program } from '../link/program.ts';
import { madeOf, numberOf, optionsOf, slot, textOf, toValue, type Made, type Slot, type Sym } from '../link/program-values.ts';
import type { PublishedValue, Resource, ResourceLink, ServerlessFunction, Trigger } from '../model/function.ts';
import type { Location, SourcePlace } from '../model/location.ts';
import { literal, unknown, type Value } from '../model/value.ts';
import type { CdkEntry } from './cdk-apps.ts';
import { fullName, lastStep, nameOf } from './cdk-names.ts';
import type { PatternPart } from './cdk-pattern-parts.ts';
import type { ReadContext } from './reader.ts';

/** A function while its triggers are collected. */
export interface CdkDraft {
  readonly made: Made;
  fn: Omit<ServerlessFunction, 'triggers' | 'destinations'>;
  readonly environment: Map<string, Value>;
  readonly triggers: Trigger[];
  readonly destinations: ServerlessFunction['destinations'][number][];
  late: Partial<Pick<ServerlessFunction, 'provisionedConcurrency' | 'maximumRetryAttempts' | 'runtime'>>;
}

const MAX_WORK = 2_000_000;

/** Attributes by the end of their name, as CloudFormation names them. */
const attributes: readonly (readonly [RegExp, string])[] = [
  [/^(?:table|eventSource)?StreamArn$/, 'StreamArn'], [/Arn$/, 'Arn'], [/^queueUrl$/, 'QueueUrl'], [/Url$/, 'Url'], [/Name$/, 'Name'], [/^(?:ref|.*Id)$/, 'Ref'],
];

/** One app of the CDK with what its program made: identity of constructs, and what values refer to. */
export class CdkApp {
  readonly program: Program;
  readonly context: ReadContext;
  readonly entry: CdkEntry;
  readonly unit: string;
  readonly drafts = new Map<Made, CdkDraft>();
  readonly resources = new Map<Made, Resource>();
  readonly links: ResourceLink[] = [];
  readonly published: PublishedValue[] = [];
  /** Constructs that are functions or resources: what references may lead to. */
  readonly known = new Set<Made>();
  /** Properties of the function that a construct pattern makes. */
  readonly functionProps = new Map<Made, Sym>();
  /** What construct patterns make beside their functions. */
  readonly parts = new Map<Made, ReadonlyMap<string, PatternPart>>();
  private readonly idMemo = new Map<Made, string>();
  private readonly keyMemo = new Map<Made, string>();
  /** The construct that stands for another one: the same construct of another instance of one stack. */
  readonly standsFor = new Map<Made, Made>();
  /** The first of several constructs of one id in one scope, of which a condition that is not known makes one. */
  readonly alternativeOf = new Map<Made, Made>();

  /** Functions that another format declares and hands on itself; the CDK only wires them. */
  readonly foreign = new Set<Made>();

  /** Whether the CDK's own tables speak of something. */
  owns(_made: Made): boolean {
    return true;
  }

  constructor(program: Program, entry: CdkEntry, context: ReadContext) {
    this.program = program;
    this.entry = entry;
    this.context = context;
    this.unit = entry.entry;
  }

  location(place: SourcePlace): Location {
    return this.program.location(place);
  }

  private work = 0;
  /** Counts steps through values, which may share parts without end; false when an app has had its share. */
  spend(): boolean {
    return ++this.work <= MAX_WORK;
  }

  /** The record of properties of a construct (third argument) or of anything else (last argument). */
  props(made: Made): Sym | undefined {
    const own = this.functionProps.get(made);
    if (own) return own;
    const given = made.args[2] ?? made.args[made.args.length - 1];
    return given === undefined ? undefined : optionsOf(given).find((one) => one.kind === 'record');
  }

  prop(made: Made, name: string): Slot | undefined {
    const found = slot(this.props(made), name);
    // What is set to nothing is not set.
    return found?.value.kind === 'literal' && found.value.value === undefined ? undefined : found;
  }

  text(made: Made, name: string): string | undefined {
    return textOf(this.prop(made, name)?.value);
  }

  number(sym: Sym | undefined): number | undefined {
    return numberOf(sym);
  }

  /** Seconds of a `Duration`. */
  seconds(sym: Sym | undefined): number | undefined {
    const made = madeOf(sym);
    if (made && lastStep(made) === 'minus') return undefined;
    const amount = made && /(?:^|\.)Duration\./.test(`.${made.path.join('.')}`) ? numberOf(made.args[0]) : undefined;
    const factor = made && ({ millis: 0.001, seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as Readonly<Record<string, number>>)[lastStep(made)];
    return amount === undefined || factor === undefined ? undefined : amount * factor;
  }

  /** Where a property stands, or the construct. */
  at(made: Made, name?: string): Location {
    const place = name === undefined ? undefined : this.prop(made, name)?.place;
    return this.location(place ?? made.place);
  }

  gap(kind: string, made: Made, message: string): void {
    const { file, line } = this.at(made);
    this.context.gap({ kind, file, line, message });
  }

  // ------------------------------------------------------------- identity

  scopeOf(made: Made): Made | undefined {
    return madeOf(made.args[0]);
  }

  private ownId(made: Made): string {
    // What a helper of a package makes takes its id last, and has a name of the package's without one.
    if (made.form === 'call' && this.functionProps.has(made)) return textOf(made.args[2]) ?? 'LambdaFunction';
    const id = made.args[1];
    if (id?.kind === 'literal' && id.value !== undefined && id.value !== null) return String(id.value);
    if (id?.kind === 'template') return id.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '*')).join('');
    return `${lastStep(made)}*`;
  }

  /** Path of ids from the stack down: `Shop/Api/Handler`. */
  idOf(made: Made): string {
    let id = this.idMemo.get(made);
    if (id === undefined) {
      this.idMemo.set(made, lastStep(made));
      const scope = this.scopeOf(made);
      const above = scope && !/^(?:core|constructs)\.App$/.test(fullName(scope)) && scope.args.length > 0 && !isApp(scope) ? `${this.idOf(scope)}/` : '';
      id = this.apart(made, `${above}${this.ownId(made)}`.slice(0, 400));
      this.idMemo.set(made, id);
    }
    return id;
  }

  private readonly unclear = new Map<string, { readonly first: Made; count: number }>();

  /** Constructs whose ids are not known in full are not one for that; what a condition that is not known makes in two ways is. */
  private apart(made: Made, id: string): string {
    if (!id.slice(id.lastIndexOf('/') + 1).includes('*')) return id;
    const known = this.unclear.get(id);
    if (known === undefined) this.unclear.set(id, { first: made, count: 1 });
    else if (known.first.certain || made.certain) return `${id}~${++known.count}`;
    return id;
  }

  /** As `idOf`, below the stack and with the places of the code: the same in every instance of one stack, and of stacks that extend one class. */
  keyOf(made: Made): string {
    let key = this.keyMemo.get(made);
    if (key === undefined) {
      this.keyMemo.set(made, '');
      const scope = this.scopeOf(made);
      const above = scope && !isApp(scope) ? this.keyOf(scope) : '';
      key = isStack(made) ? '' : `${above}|${this.ownId(made)}@${made.written.file}:${made.written.start}`;
      this.keyMemo.set(made, key);
    }
    return key;
  }

  /** The stack that a construct belongs to. */
  stackOf(made: Made): Made | undefined {
    let current: Made | undefined = made;
    for (let depth = 0; current && depth < 40; depth++) {
      if (isStack(current)) return current;
      current = this.scopeOf(current);
    }
    return undefined;
  }

  // ------------------------------------------------------------- values

  value(sym: Sym | undefined): Value {
    return sym === undefined ? unknown('no value') : toValue(sym, (made, path) => this.refer(made, path));
  }

  /** What a construct, or a property of it, refers to. */
  refer(given: Made, path: readonly string[]): Value | undefined {
    const made = this.standsFor.get(given) ?? this.alternativeOf.get(given) ?? given;
    const last = path[path.length - 1];
    const attributeOf = (name: string | undefined): string => (name === undefined ? 'Ref' : (attributes.find(([pattern]) => pattern.test(name))?.[1] ?? name));
    const part = path[0] === undefined ? undefined : this.parts.get(made)?.get(path[0]);
    if (part && 'given' in part) return this.refer(part.given, path.slice(1));
    if (part) return { kind: 'resource', unit: this.unit, id: part.resource.logicalId, attribute: attributeOf(path.length > 1 ? last : undefined) };
    if (this.known.has(made)) {
      const attribute = attributeOf(last);
      return { kind: 'resource', unit: this.unit, id: this.idOf(made), attribute };
    }
    if (made.form === 'call') return this.imported(made, last);
    if (last !== undefined && /^(?:region|account|partition|stackName|stackId|stage|urlSuffix)$/.test(last) && isStack(made)) return unknown(`${last} of the stack`);
    return undefined;
  }

  /** Resources of elsewhere (`Bucket.fromBucketName`), parameters, imports. */
  private imported(made: Made, attribute: string | undefined): Value | undefined {
    const step = lastStep(made);
    const name = fullName(made);
    if (/^aws-ssm\.StringParameter\.(?:valueFor|valueFrom|from)/.test(name)) {
      const text = made.args.find((arg, index) => index > 0 || step.startsWith('value') ? textOf(arg) !== undefined && (index === 1 && step.startsWith('value') ? true : index >= 1) : false);
      const key = step.startsWith('value') ? made.args[1] : (made.args[2]?.kind === 'record' ? slot(made.args[2], 'parameterName')?.value : made.args[2]) ?? text;
      if (key && (attribute === undefined || attribute === 'stringValue')) return { kind: 'derived', what: 'parameter', from: [this.value(key)], io: false };
    }
    if (step === 'formatArn' || name === 'core.Arn.format') return this.arn(made.args[0]);
    if (name === 'core.Fn.importValue') return { kind: 'derived', what: 'import', from: [this.value(made.args[0])], io: false };
    if (/^from\w*(?:Name|Arn)$/.test(step) && made.args[2]) {
      const given = this.value(made.args[2]);
      if (step.endsWith('Arn') && attribute !== undefined && !/Arn$/.test(attribute) && given.kind === 'literal' && typeof given.value === 'string') return literal(given.value.split(/[:/]/).at(-1) ?? '');
      return given;
    }
    if (/^from\w*Attributes$/.test(step) && made.args[2]?.kind === 'record') {
      const entries = made.args[2].entries;
      const found = (attribute === undefined ? undefined : entries.get(attribute)) ?? [...entries].find(([key]) => /Arn$|Name$/.test(key))?.[1];
      return found && this.value(found.value);
    }
    return undefined;
  }

  /** `Arn.format({ service, resource, resourceName })`. */
  private arn(parts: Sym | undefined): Value {
    const part = (name: string): Value | undefined => { const found = slot(parts, name)?.value; return found && !(found.kind === 'literal' && found.value === undefined) ? this.value(found) : undefined; };
    const service = textOf(slot(parts, 'service')?.value);
    const resource = part('resource');
    if (service === undefined || !resource) return unknown('an ARN');
    const format = slot(parts, 'arnFormat')?.value;
    const separator = format?.kind === 'external' && /COLON/.test(format.path.join('.')) ? ':' : textOf(slot(parts, 'sep')?.value) ?? '/';
    const name = part('resourceName');
    return {
      kind: 'template', parts: [
        literal(`arn:aws:${service}:`), part('region') ?? unknown('region of the stack'), literal(':'), part('account') ?? unknown('account of the stack'), literal(':'), resource,
        ...(name ? [literal(separator), name] : []),
      ],
    };
  }
}

const isApp = (made: Made): boolean => /(?:^|\.)App$/.test(lastStep(made)) && made.form === 'new' && (made.args.length === 0 || made.args[0]?.kind !== 'made') && !made.args.some((arg) => madeOf(arg));

/** Stacks and stages, of the CDK or of a package on top of it. */
export function isStack(made: Made): boolean {
  const name = nameOf(made);
  return made.form === 'new' && /(?:^|[a-z])(?:Stack|Stage)$/.test(lastStep(made)) && (name === undefined || name.service === 'core') && lastStep(made) !== 'NestedStack';
}
