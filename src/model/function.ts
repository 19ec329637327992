import type { Located, Location } from './location.ts';
import type { Value } from './value.ts';

export type Platform = 'aws' | 'azure' | 'google' | 'firebase' | 'cloudflare' | 'vercel' | 'netlify' | 'openwhisk';

export type FoundBy = 'infrastructure' | 'convention' | 'evidence';

/** The exported entry point that the platform calls. */
export interface Handler {
  /** True source of the handler, relative to the root. */
  readonly file: string;
  /** Exported name: `handler`, `default`, `nested.name`. */
  readonly export: string;
  readonly kind: string;
  /** Set when the handler is an inline function of a registration call (`app.http('x', { handler: … })`) instead of an export. */
  readonly at?: { readonly start: number; readonly end: number };
}

export type TriggerKind =
  | 'http' | 'url' | 'queue' | 'topic' | 'stream' | 'bucket' | 'bus' | 'schedule' | 'document' | 'log' | 'invoke' | 'stateMachine'
  | 'custom' | 'auth' | 'unknown';

/** What a trigger lets through. A written key or attribute that cannot match is no edge. */
export type TriggerFilter =
  | { readonly kind: 'object'; readonly events: readonly string[]; readonly rules: readonly { readonly prefix?: Value; readonly suffix?: Value }[] }
  | { readonly kind: 'pattern'; readonly pattern: Value }
  | { readonly kind: 'attributes'; readonly policy: Value; readonly scope: 'attributes' | 'body' }
  | { readonly kind: 'records'; readonly patterns: readonly Value[] }
  | { readonly kind: 'route'; readonly method: string; readonly path: string };

/**
 * `none`: anybody. `key`: an API or function key is the only check. `identity`: signed or signed-in callers (IAM, JWT, Cognito,
 * OAuth, Easy Auth, admin key). `authorizer`: a function decides. `private`: not reachable from the internet.
 */
export interface RouteAuth {
  readonly kind: 'none' | 'key' | 'identity' | 'authorizer' | 'private';
  /** The authorizer's reference for `authorizer`. */
  readonly authorizer?: Value;
  /** The property that decides, or the route where none is written. */
  readonly location?: Location;
}

/** What a task of a state machine may be given. `input`: what the machine was started with; `answer`: what the function of that task answered; `fields`: an object with these fields and no others; `other`: not known. */
export type TaskSource =
  | { readonly kind: 'input' } | { readonly kind: 'answer'; readonly task: string } | { readonly kind: 'fields'; readonly names: readonly string[] } | { readonly kind: 'other' };

/** A task that runs a function, with its place in the order of its state machine. */
export interface MachineTask {
  /** Name of the state. */
  readonly name: string;
  readonly from: readonly TaskSource[];
  /** Fields that states on the way may put beside it. */
  readonly added: readonly string[];
  /** States on the way that are given it, run code that is not read, and hand on what that answers. */
  readonly unread: readonly string[];
}

/** What invokes a function. */
export interface Trigger {
  readonly kind: TriggerKind;
  /** Of a state machine whose order is known: its tasks that run the function. */
  readonly tasks?: readonly MachineTask[];
  /** The resource behind it (a `resource` value, an ARN or a name), as far as it is known. */
  readonly resource?: Value;
  readonly filters: readonly TriggerFilter[];
  readonly batchSize?: number;
  /** Where the batch size is written, and the most invocations at a time. */
  readonly batchSizeAt?: Location;
  readonly maximumConcurrencyAt?: Location;
  /** The mapping asks for `batchItemFailures` (ReportBatchItemFailures). */
  readonly partialBatchResponse?: boolean;
  /** Most invocations that this trigger starts at a time. */
  readonly maximumConcurrency?: number;
  readonly enabled?: boolean;
  /** `rate(…)`, `cron(…)`, a cron line or whatever the platform writes, of a trigger of kind `schedule`. */
  readonly schedule?: Value;
  /** Who may call an HTTP trigger. Absent: the declaration does not say, and the platform has no default that does. */
  readonly auth?: RouteAuth;
  /** How often the platform tries a failed batch or event again; `-1` is for ever. */
  readonly maximumRetryAttempts?: number;
  /** Export of the handler that it runs, for a function with several handlers; absent: every handler. */
  readonly handlerExport?: string;
  /** Where the resource is reached, where the declaration names that apart (Azure: the application setting `connection`). */
  readonly connection?: Value;
  /** The platform's own word for it, such as `SQS`, `S3`, `httpApi`. */
  readonly source: string;
  readonly location?: Location;
  /** Where its block is written, when `location` is that of the module around it: changes of what the module does not ask its caller for go there. */
  readonly writtenAt?: Location;
}

/**
 * Something that the platform reads for a function before it runs, or writes with what it returns: the bindings of Azure
 * Functions other than the trigger.
 */
export interface Binding {
  /** The name under which code sees it; `$return` for the returned value, '' where it has none. */
  readonly name: string;
  /** The platform's own word: `queue`, `blob`, `serviceBus`, `eventHub`, `cosmosDB`, `table`, `http`. */
  readonly type: string;
  readonly direction: 'in' | 'out' | 'inout';
  readonly kind: TriggerKind | 'table' | 'other';
  /** Queue, topic, hub or blob container by name; `database/container` for documents. In the same form as a trigger's `resource`. */
  readonly resource?: Value;
  /** Name of the one object or document inside the resource. */
  readonly key?: Value;
  readonly connection?: Value;
  /** An input whose statement changes what it asks: a procedure that deletes. */
  readonly changes?: true;
  readonly location?: Location;
}

/** A setting as text, flag, list or table. */
export type BuildOption = string | boolean | readonly string[] | ReadonlyMap<string, string>;

/** Settings of a bundler beyond those that `Packaging` has for every tool. */
export interface BuildSettings {
  /** By esbuild's own name (`keepNames`, `mainFields`, `loader`); values as they are written. Paths are relative to `folder`, or to the root with a slash before them. */
  readonly options: ReadonlyMap<string, BuildOption>;
  /** Folder of the project that the bundler runs in, relative to the root. */
  readonly folder?: string;
  /** Packages that the tool installs beside the bundle instead of bundling them. */
  readonly install: readonly string[];
  /** The declaration says by itself what stays out of the bundle: the tool's defaults do not count. */
  readonly ownExternals?: true;
  /** Settings whose value is not known, or that are code. */
  readonly unread: readonly string[];
}

/** How the deployment package is made. */
export interface Packaging {
  /** `bundled`: one file made by a bundler. `folder`: a directory is zipped. `image`: container. `inline`: code in the template. */
  readonly form: 'bundled' | 'folder' | 'image' | 'inline' | 'unknown';
  /** What does it: 'esbuild', 'webpack', 'sam', 'serverless', … */
  readonly tool: string;
  /** Zipped folder, relative to the root. */
  readonly folder?: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly external: readonly string[];
  readonly minify: boolean;
  readonly sourceMap: boolean;
  readonly format: 'cjs' | 'esm';
  readonly target?: string;
  /** What runs the bundler, where it has defaults of its own: 'cdk', 'sam', 'serverless', 'serverless-esbuild', 'amplify', 'wrangler'. */
  readonly by?: string;
  readonly build?: BuildSettings;
  /** The bundles of all functions of the unit ship together, in one archive. */
  readonly oneArchive?: true;
  /** Text of the code that the declaration itself holds (`form` is then 'inline'). */
  readonly inlineCode?: string;
}

/** One deployed unit. Identity: deployment unit + logical name. */
export interface ServerlessFunction {
  /** `unit#name`; unique in a project. */
  readonly id: string;
  /** The name people know it by: logical id or key in the declaring file. */
  readonly name: string;
  /** The deployment unit: path of the template or service file that declares it. */
  readonly unit: string;
  readonly platform: Platform;
  /**
   * Generation of the platform or of its programming model, where it makes a difference: Google and Firebase 'gen1' and 'gen2' ('run': a Cloud Run service),
   * Azure 'v3' and 'v4', 'edge' for functions at the edge (Vercel, Netlify, CloudFront), 'durableObject' and 'workflow' (Cloudflare).
   */
  readonly generation?: string;
  readonly handlers: readonly Handler[];
  readonly triggers: readonly Trigger[];
  /** Inputs and outputs that the declaration binds to the function. */
  readonly bindings?: readonly Binding[];
  readonly declaredAt: readonly Location[];
  readonly foundBy: FoundBy;
  /** Deployed name where the declaration gives one. */
  readonly physicalName?: Value;
  readonly timeoutSeconds?: Located<number>;
  /** A timeout is set and its value is not known (also where a construct of a package sets it): the platform's default does not hold. */
  readonly timeoutUnknown?: true;
  readonly memoryMb?: Located<number>;
  /** Memory is set and its value is not known: the platform's default does not hold. */
  readonly memoryUnknown?: true;
  readonly runtime?: Located<string>;
  readonly architecture?: string;
  readonly environment: ReadonlyMap<string, Value>;
  /** Names of parameters that the deployment gives each invocation (`inputs` of an OpenWhisk action): settings beside what the caller sends. */
  readonly boundParameters?: readonly string[];
  /** Where the environment and the list of layers are written. */
  readonly environmentAt?: Location;
  readonly layersAt?: Location;
  readonly packaging?: Packaging;
  /** Names of layers, folders relative to the root where they lie in the repository. */
  readonly layers: readonly Value[];
  /** Mount paths of file systems that outlive the function (EFS, Azure Files). */
  readonly mounts: readonly string[];
  /** Concurrent invocations that the function is limited to. */
  readonly reservedConcurrency?: Located<number>;
  /** Instances kept warm. */
  readonly provisionedConcurrency?: Located<number>;
  /** Size of the temporary folder in megabytes, where it can be set. */
  readonly ephemeralStorageMb?: Located<number>;
  /** Tracing by the platform (AWS: `Active`). */
  readonly tracing?: Located<boolean>;
  /** Retries of a failed asynchronous invocation. */
  readonly maximumRetryAttempts?: Located<number>;
  readonly region?: Value;
  readonly recursiveLoop?: Located<'Allow' | 'Terminate'>;
  /** Invocations in one process at the same time, where the declaration says so. */
  readonly concurrencyPerInstance?: number;
  /** Rules that the declaration itself silences for this function (CloudFormation `Metadata.faaslint.ignore`). */
  readonly ignore?: readonly { readonly rule: string; readonly reason?: string }[];
  /** Destinations and dead-letter queues. */
  readonly destinations: readonly { readonly kind: 'onFailure' | 'onSuccess' | 'deadLetter'; readonly target: Value; readonly location?: Location }[];
}

export type ResourceKind =
  | 'bucket' | 'queue' | 'topic' | 'table' | 'stream' | 'bus' | 'rule' | 'stateMachine' | 'api' | 'logGroup' | 'schedule' | 'parameter' | 'other';

/** Something that infrastructure declares and that functions write to or are triggered by. */
export interface Resource {
  /** `unit#logicalId`. */
  readonly id: string;
  readonly unit: string;
  readonly logicalId: string;
  readonly kind: ResourceKind;
  /** The format's own type name, such as `AWS::SQS::Queue`. */
  readonly type: string;
  /** Physical name where the declaration gives one. */
  readonly physicalName?: Value;
  readonly location: Location;
  /** The raw declared properties, as values. */
  readonly properties: Value;
}

/** Ways in which one resource hands what it receives to another, with no function between. */
export type ResourceLinkKind = 'subscription' | 'target' | 'notification' | 'pipe' | 'redrive' | 'integration' | 'replication' | 'task' | 'destination';

/** An edge between two resources: topic to queue, rule to queue, pipe, dead-letter queue, direct integration of an API, state machine to a resource that a task writes. */
export interface ResourceLink {
  readonly kind: ResourceLinkKind;
  /** A `resource` value, an ARN or a name. */
  readonly from: Value;
  readonly to: Value;
  readonly filters: readonly TriggerFilter[];
  readonly location: Location;
  /** Of a pipe that hands its records on as they come: what else a bus gets with them (`source`, `detail-type`), open where that is not written. */
  readonly message?: Value;
}

/**
 * A name under which a unit publishes a value that other units read: a CloudFormation export, a stack output (`stack.Output`), an
 * SSM parameter, a Terraform output. A reader writes a reference to one as `{ kind: 'derived', what: SCOPE, from: [NAME], io: false }`.
 */
export interface PublishedValue {
  readonly scope: 'import' | 'stackOutput' | 'parameter' | 'secret' | 'terraformOutput';
  readonly name: Value;
  readonly value: Value;
  readonly unit: string;
  readonly location: Location;
}

/** Seen and not resolved. Never a finding, always counted. */
export interface Gap {
  readonly kind: string;
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** A file that could not be used as needed. */
export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

/** What all readers together found. */
export interface Infrastructure {
  readonly functions: readonly ServerlessFunction[];
  readonly resources: readonly Resource[];
  readonly links: readonly ResourceLink[];
  readonly published: readonly PublishedValue[];
  readonly gaps: readonly Gap[];
  /** Every file that a reader took something from. */
  readonly files: readonly string[];
  /** Those of them that a program of the repository makes: they say what is deployed, and nothing is reported in them. */
  readonly outputs?: readonly string[];
  /** Declaring files that could not be read or parsed: the run is incomplete. */
  readonly problems: readonly Skipped[];
}
