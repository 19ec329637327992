import { optionsOf, record, workspacePath, type Made, type Slot, type Sym } from '../link/program-values.ts';
import { literal } from '../model/value.ts';
import { CodeUnit, property, thingOf } from './code-unit.ts';
import { fieldsOf, snakeCase, type Fields } from './code-node.ts';

/** Packages of providers that are made from Terraform's, and the head of their types there (Pulumi registry, read 2026-11). */
const providers: ReadonlyMap<string, string> = new Map([['aws', 'aws'], ['gcp', 'google'], ['azure', 'azurerm'], ['cloudflare', 'cloudflare']]);

/** Types whose name is not module and class in Terraform's spelling. */
const renamed: ReadonlyMap<string, string> = new Map([
  ['aws.s3.BucketV2', 'aws_s3_bucket'], ['aws.s3.Bucket', 'aws_s3_bucket'], ['aws.s3.BucketNotification', 'aws_s3_bucket_notification'], ['aws.s3.BucketObject', 'aws_s3_object'], ['aws.s3.BucketObjectv2', 'aws_s3_object'],
  ['aws.kinesis.FirehoseDeliveryStream', 'aws_kinesis_firehose_delivery_stream'], ['aws.secretsmanager.Secret', 'aws_secretsmanager_secret'], ['aws.secretsmanager.SecretRotation', 'aws_secretsmanager_secret_rotation'],
  ['aws.apigateway.RestApi', 'aws_api_gateway_rest_api'], ['aws.apigateway.Resource', 'aws_api_gateway_resource'], ['aws.apigateway.Method', 'aws_api_gateway_method'],
  ['aws.apigateway.Integration', 'aws_api_gateway_integration'], ['aws.apigateway.Authorizer', 'aws_api_gateway_authorizer'], ['aws.appsync.DataSource', 'aws_appsync_datasource'], ['aws.appsync.GraphQLApi', 'aws_appsync_graphql_api'],
  ['aws.cfg.Rule', 'aws_config_config_rule'], ['aws.alb.TargetGroupAttachment', 'aws_lb_target_group_attachment'], ['aws.lb.TargetGroupAttachment', 'aws_lb_target_group_attachment'],
  ['gcp.cloudfunctions.Function', 'google_cloudfunctions_function'], ['gcp.cloudfunctionsv2.Function', 'google_cloudfunctions2_function'], ['gcp.storage.BucketObject', 'google_storage_bucket_object'],
  ['gcp.storage.Bucket', 'google_storage_bucket'], ['gcp.pubsub.Topic', 'google_pubsub_topic'], ['gcp.cloudscheduler.Job', 'google_cloud_scheduler_job'],
  ['azure.appservice.FunctionApp', 'azurerm_function_app'], ['azure.appservice.LinuxFunctionApp', 'azurerm_linux_function_app'], ['azure.appservice.WindowsFunctionApp', 'azurerm_windows_function_app'],
  ['cloudflare.WorkerScript', 'cloudflare_workers_script'], ['cloudflare.WorkersScript', 'cloudflare_workers_script'],
]);

/** Modules whose classes do not carry the module's name in Terraform's types. */
const plainModules: ReadonlySet<string> = new Set(['ec2']);

/** Dotted name of what a provider's package makes: `aws.lambda.Function`; SST has the packages as global names. */
export function providedName(made: Made): string | undefined {
  const path = made.path.filter((step) => step !== 'default');
  if (made.module === 'global') return providers.has(path[0] ?? '') ? path.join('.') : undefined;
  const match = /^@pulumi\/(aws|gcp|azure|cloudflare)(?:\/([\w/]{1,80}))?$/.exec(made.module);
  if (match === null) return undefined;
  // `@pulumi/aws/lambda/function` exports the class of the module above it.
  const below = (match[2] ?? '').split('/').filter((part) => part !== '').slice(0, 1);
  return [match[1] ?? '', ...below, ...path].join('.');
}

/** Terraform's type of a class of a provider. */
function terraformType(name: string): string | undefined {
  const own = renamed.get(name);
  if (own !== undefined) return own;
  const [provider = '', ...rest] = name.split('.');
  const head = providers.get(provider);
  const cls = rest.at(-1);
  if (head === undefined || cls === undefined || !/^[A-Z]/.test(cls)) return undefined;
  const module = rest.length > 1 ? rest[rest.length - 2] ?? '' : '';
  return [head, ...(module === '' || plainModules.has(module) ? [] : [snakeCase(module)]), snakeCase(cls)].join('_');
}

/**
 * Declares a resource that a bridged provider makes; nothing for anything else. `taken`: names of other things, where a resource
 * goes by its plain name unless it is one of them (SST, whose code finds linked resources by name).
 */
export function declareProvided(unit: CodeUnit, made: Made, taken?: ReadonlySet<string>): void {
  const name = made.form === 'new' ? providedName(made) : undefined;
  const type = name === undefined ? undefined : terraformType(name);
  if (name === undefined || type === undefined || unit.things.has(made) || name.startsWith('aws.sdk.')) return;
  const label = labelOf(unit, made.args[0]) ?? type;
  const key = `${type}\n${label}`;
  const twin = made.certain ? undefined : unit.uncertain.get(key);
  if (twin) { unit.things.set(made, twin); return; }
  const fields = fieldsOf(made.args[1]);
  const plain = functionTypes.test(type) || (taken !== undefined && !taken.has(label) && unit.free(label) === label);
  const id = unit.free(plain ? label : `${name}:${label}`);
  const instance = unit.declare(made, { id, type, mode: 'resource', fields: type === 'aws_lambda_function' ? lambdaFields(unit, made, fields) : /^google_|^cloudflare_/.test(type) ? otherFields(unit, fields) : fields });
  if (!made.certain) unit.uncertain.set(key, instance);
}

/**
 * Declares a container image that the program builds, with the folder that it is built from: `docker.Image` (`build`, or `build.context`),
 * `dockerBuild.Image` (`context.location`), `awsx.ecr.Image` (`context`, formerly `path`); Pulumi registry, read 2026-11. False for anything else.
 */
export function declareImage(unit: CodeUnit, made: Made): boolean {
  if (made.form !== 'new' || !/^@pulumi\/(?:docker|docker-build|awsx)(?:\/[\w/]{1,80})?$/.test(made.module) || made.path.at(-1) !== 'Image') return false;
  const [, props] = made.args;
  const ways = [['build', 'context'], ['build'], ['context', 'location'], ['context'], ['path']];
  const folder = ways.map((way) => property(props, ...way)).find((slot) => slot !== undefined && unit.text(slot.value) !== undefined);
  const fields: Fields = new Map(folder === undefined ? [] : [['build', written(folder, record([['context', folderPath(unit, folder.value, made)]]))]]);
  unit.declare(made, { id: unit.free(`image:${labelOf(unit, made.args[0]) ?? 'image'}`), type: 'docker_image', mode: 'data', fields, only: true });
  return true;
}

/** Types that are functions: these go by their plain name. */
const functionTypes = /^(?:aws_lambda_function|google_cloudfunctions2?_function|cloudflare_workers?_script)$/;

export function labelOf(unit: CodeUnit, sym: Sym | undefined): string | undefined {
  const value = unit.value(sym);
  if (value.kind === 'literal' && typeof value.value === 'string') return value.value;
  return value.kind === 'template' ? value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '*')).join('') : undefined;
}

const written = (slot: Slot | undefined, value: Sym): Slot => ({ value, certain: true, ...(slot?.place ? { place: slot.place } : {}) });

/** `aws.lambda.Runtime.NodeJS20dX`, also the older `aws.lambda.NodeJS20dXRuntime`, as the platform names it. */
export function runtimeSym(sym: Sym): Sym {
  const steps = sym.kind === 'external' ? sym.path : [];
  const name = steps[steps.indexOf('Runtime') + 1];
  const old = steps.find((step) => /\w\d\w{0,20}Runtime$/.test(step))?.replace(/Runtime$/, '');
  const own = old ?? (steps.includes('Runtime') ? name : undefined);
  return own === undefined ? sym : literal(own.replace(/^Custom/, 'provided.').toLowerCase().replace(/(\d)d(\d|x)/, '$1.$2').replace(/^provided\.$/, 'provided'));
}

/** Properties of a Lambda function, with its code as a path. */
function lambdaFields(unit: CodeUnit, made: Made, fields: Fields): Fields {
  const out = new Map(fields);
  const runtime = fields.get('runtime');
  if (runtime) out.set('runtime', { ...runtime, value: runtimeSym(runtime.value) });
  const name = fields.get('name');
  if (name && !fields.has('function_name')) out.set('function_name', name);
  const code = fields.get('code');
  const handler = unit.text(fields.get('handler')?.value) ?? '';
  const path = code && codePath(unit, code.value, handler.slice(handler.lastIndexOf('/') + 1).split('.')[0] ?? '', made);
  if (code && path) out.set('source_path', written(code, path));
  return out;
}

/** Google's archives and Cloudflare's scripts name files through assets. */
function otherFields(unit: CodeUnit, fields: Fields): Fields {
  const out = new Map(fields);
  const source = fields.get('source');
  const path = source && assetPath(unit, source.value);
  if (source && path) out.set('source', written(source, path));
  return out;
}

/** Folder or file behind an asset (Pulumi documentation, "Assets and archives"). Of several, the one that the handler is in. */
function codePath(unit: CodeUnit, sym: Sym, stem: string, made: Made): Sym | undefined {
  for (const option of optionsOf(sym)) {
    const asset = thingOf(option);
    if (!asset || !/^(?:AssetArchive|FileArchive|FileAsset|StringAsset)$/.test(asset.path.at(-1) ?? '')) {
      if (option.kind === 'literal' && typeof option.value === 'string') return folderPath(unit, option, made);
      continue;
    }
    const [first] = asset.args;
    if (asset.path.at(-1) !== 'AssetArchive') return first && folderPath(unit, first, made);
    const entries = first?.kind === 'record' ? [...first.entries] : [];
    const named = entries.find(([key]) => key.replace(/\.[cm]?[jt]sx?$/, '').replace(/^.*\//, '') === stem && /\.[cm]?[jt]sx?$/.test(key));
    const whole = entries.find(([key]) => /^\.?\/?$/.test(key)) ?? entries.find(([, slot]) => thingOf(slot.value)?.path.at(-1) === 'FileArchive');
    const found = thingOf((named ?? whole)?.[1].value);
    if (found?.args[0] && found.path.at(-1) !== 'StringAsset') return folderPath(unit, found.args[0], made);
  }
  return undefined;
}

function assetPath(unit: CodeUnit, sym: Sym): Sym | undefined {
  const asset = thingOf(sym);
  const path = asset && codePath(unit, sym, 'index', asset);
  return path;
}

/** A path of the program; one that is not there is looked for beside the file that writes it. */
function folderPath(unit: CodeUnit, sym: Sym, made: Made): Sym {
  const { workspace } = unit.context;
  const stated = workspacePath(sym, unit.cwd);
  const text = unit.text(sym);
  if (stated !== undefined && text !== undefined && !workspace.isDirectory(stated) && !workspace.has(stated) && !text.startsWith('/')) {
    const folder = made.place.file.includes('/') ? made.place.file.slice(0, made.place.file.lastIndexOf('/')) : '';
    const beside = workspacePath(sym, folder);
    if (beside !== undefined && (workspace.isDirectory(beside) || workspace.has(beside))) return literal(`/~/${beside}`);
  }
  return sym;
}

