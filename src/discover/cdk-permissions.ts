import { madeOf, slot, textOf, type Made, type Sym } from '../link/program-values.ts';
import type { TriggerKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { CdkApp, CdkDraft } from './cdk-app.ts';
import { listOf, valuesOf } from './cdk-functions.ts';
import { fullName, lastStep } from './cdk-names.ts';
import { draftOf } from './cdk-triggers.ts';

/** Services that may be allowed to call a function, with the kind of trigger that this stands for where nothing else explains it. */
const principals: ReadonlyMap<string, TriggerKind> = new Map([
  ['apigateway', 'http'], ['elasticloadbalancing', 'http'], ['s3', 'bucket'], ['sns', 'topic'], ['events', 'bus'], ['scheduler', 'schedule'], ['logs', 'log'], ['cognito-idp', 'auth'],
  ['iot', 'topic'], ['ses', 'invoke'], ['config', 'invoke'], ['lexv2', 'invoke'], ['lex', 'invoke'], ['alexa-appkit', 'invoke'], ['bedrock', 'invoke'], ['secretsmanager', 'schedule'],
  ['connect', 'invoke'], ['codepipeline', 'invoke'],
]);

/** A service that is allowed to call a function that no trigger explains. */
export function wirePermission(app: CdkApp, made: Made): void {
  const step = lastStep(made);
  if (fullName(made) === 'aws-iam.Role') { wireRole(app, made); return; }
  const target = made.form === 'call' && (step === 'addPermission' || step === 'grantInvoke') ? made.receiver : fullName(made) === 'aws-lambda.CfnPermission' ? app.prop(made, 'functionName')?.value : undefined;
  const draft = draftOf(app, target);
  if (!draft) return;
  const given = step === 'addPermission' ? slot(made.args[1], 'principal')?.value : step === 'grantInvoke' ? made.args[0] : app.prop(made, 'principal')?.value;
  const principal = beginning(given) ?? beginning(madeOf(given)?.args[0]);
  // Some services have a name a region: `logs.eu-west-1.amazonaws.com`.
  const kind = principals.get(/^([a-z0-9-]{1,60})\.(?:(?:[a-z0-9-]{1,40}\.)?amazonaws\.com)?$/.exec(principal ?? '')?.[1] ?? '');
  permit(app, draft, kind, app.location(made.place));
}

/** A text, or what a text with unknown parts begins with. */
function beginning(sym: Sym | undefined): string | undefined {
  return textOf(sym) ?? (sym?.kind === 'template' ? textOf(sym.parts[0]) : undefined);
}

/** The CDK writes the permissions of declared triggers by itself: one that is written by hand stands for a trigger set up elsewhere. */
function permit(app: CdkApp, draft: CdkDraft, kind: TriggerKind | undefined, location: Location): void {
  if (kind === undefined || app.standsFor.has(draft.made)) return;
  const same = (own: TriggerKind): boolean => own === kind || (kind === 'bus' && own === 'schedule') || (kind === 'schedule' && own === 'bus') || (kind === 'http' && (own === 'auth' || own === 'url'));
  if (!draft.triggers.some((own) => same(own.kind))) draft.triggers.push({ kind, source: 'Permission', filters: [], location });
}

/** A role that a service takes on and that may invoke functions: the service calls them, as configured at run time. */
function wireRole(app: CdkApp, role: Made): void {
  const principal = madeOf(app.prop(role, 'assumedBy')?.value);
  const service = principal && lastStep(principal) === 'ServicePrincipal' ? /^(scheduler|events|apigateway|iot)\.amazonaws\.com$/.exec(textOf(principal.args[0]) ?? '')?.[1] : undefined;
  const kind = service === undefined ? undefined : principals.get(service);
  if (kind === undefined) return;
  const statements: Sym[] = [];
  for (const document of valuesOf(app.prop(role, 'inlinePolicies')?.value)) statements.push(...listOf(slot(madeOf(document)?.args[0], 'statements')?.value));
  const granted = new Set<CdkDraft>();
  for (const made of app.program.made) {
    if (made.form !== 'call') continue;
    const step = lastStep(made);
    if (/^(?:addToPolicy|addToPrincipalPolicy)$/.test(step) && madeOf(made.receiver) === role && made.args[0]) statements.push(made.args[0]);
    const draft = step === 'grantInvoke' && madeOf(made.args[0]) === role ? draftOf(app, made.receiver) : undefined;
    if (draft) granted.add(draft);
  }
  for (const statement of statements) {
    const options = madeOf(statement)?.args[0];
    if (!listOf(slot(options, 'actions')?.value).some((action) => /^lambda:(?:InvokeFunction|Invoke\*|\*)$/.test(textOf(action) ?? ''))) continue;
    for (const resource of listOf(slot(options, 'resources')?.value)) { const draft = draftOf(app, resource); if (draft) granted.add(draft); }
  }
  for (const draft of granted) permit(app, draft, kind, app.location(role.place));
}
