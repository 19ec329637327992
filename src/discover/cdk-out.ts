import type { ServerlessFunction } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal, unknown, type Value } from '../model/value.ts';
import type { CdkApp, CdkDraft } from './cdk-app.ts';
import { joinInRoot } from './source-path-names.ts';

const MAX_TEMPLATES = 200;
const MAX_TEXT = 4_000_000;

interface Synthesised { readonly path: string; readonly file: string; readonly properties: Readonly<Record<string, unknown>> }

/**
 * Settings that the synthesised templates of an app (`cdk.out`, written by an earlier `cdk synth`) know and its program did not
 * show: runtime, timeout, memory, name. The program stays the truth: a function is the one whose path of ids the template's
 * metadata (`aws:cdk:path`) names, none is added, and what only a template has is a gap.
 */
export function fillFromTemplates(app: CdkApp): void {
  const found = templateFunctions(app);
  if (found.length === 0) return;
  const byId = new Map<string, CdkDraft>();
  for (const draft of app.drafts.values()) byId.set(app.idOf(draft.made), draft);
  for (const item of found) {
    const draft = byId.get(item.path);
    const runtime = text(item.properties['Runtime']);
    if (!draft) {
      // Functions of the CDK itself (custom resources of its constructs) have a hash or a fixed name in the place of an id.
      if (runtime?.startsWith('nodejs') === true && !/Custom|Framework|LogRetention|AWS[\da-f]{8,}|@aws-cdk|BucketNotificationsHandler|Provider\//.test(item.path)) {
        app.context.gap({ kind: 'function', file: item.file, line: 1, message: `${item.path.slice(0, 300)} of an earlier synthesis is not shown by the program` });
      }
      continue;
    }
    const location: Location = { file: item.file, line: 1, column: 1, endLine: 1, endColumn: 1 };
    draft.fn = { ...filled(item.properties, location), ...draft.fn };
  }
}

function filled(properties: Readonly<Record<string, unknown>>, location: Location): Partial<CdkDraft['fn']> {
  const runtime = text(properties['Runtime']);
  const timeout = properties['Timeout'];
  const memory = properties['MemorySize'];
  const name = properties['FunctionName'];
  const result: { -readonly [K in keyof Pick<ServerlessFunction, 'runtime' | 'timeoutSeconds' | 'memoryMb' | 'physicalName'>]?: ServerlessFunction[K] } = {};
  if (runtime !== undefined) result.runtime = { value: runtime, location };
  if (typeof timeout === 'number') result.timeoutSeconds = { value: timeout, location };
  if (typeof memory === 'number') result.memoryMb = { value: memory, location };
  if (name !== undefined) result.physicalName = typeof name === 'string' ? literal(name) : unknown('a name that the template computes') satisfies Value;
  return result as Partial<CdkDraft['fn']>;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const record = (value: unknown): Readonly<Record<string, unknown>> | undefined => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined);

/** Functions of the templates that the manifest of the cloud assembly lists. Ignored folders are read too, inside the root only. */
function templateFunctions(app: CdkApp): readonly Synthesised[] {
  const { workspace } = app.context;
  const folder = joinInRoot(app.entry.cwd, 'cdk.out');
  const manifest = folder === undefined ? undefined : parsed(workspace.read(`${folder}/manifest.json`));
  const result: Synthesised[] = [];
  let count = 0;
  for (const artifact of Object.values(record(manifest?.['artifacts']) ?? {})) {
    const file = text(record(record(artifact)?.['properties'])?.['templateFile']);
    const path = file === undefined || folder === undefined ? undefined : joinInRoot(folder, file);
    if (path === undefined || record(artifact)?.['type'] !== 'aws:cloudformation:stack' || ++count > MAX_TEMPLATES) continue;
    const template = parsed(workspace.read(path));
    for (const resource of Object.values(record(template?.['Resources']) ?? {})) {
      const own = record(resource);
      if (own?.['Type'] !== 'AWS::Lambda::Function') continue;
      const id = text(record(own['Metadata'])?.['aws:cdk:path']);
      if (id !== undefined) result.push({ path: id.replace(/\/Resource$/, ''), file: path, properties: record(own['Properties']) ?? {} });
    }
  }
  return result;
}

function parsed(source: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (source === undefined || source.length > MAX_TEXT) return undefined;
  try { return record(JSON.parse(source)); } catch { return undefined; }
}
