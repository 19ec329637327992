/** The analyzer as a library: `import { analyze } from "faaslint/api"`. Runs no code of the project, prints nothing. */
export { analyze, type AnalyzeOptions } from './analyze.ts';
export { UsageError } from './check/usage-error.ts';
export type { Preset } from './check/settings.ts';
export type { BundleResult, Confidence, FileAccount, Finding, FlowStep, Guard, Reference, ScanResult, Severity } from './model/finding.ts';
export type { FoundBy, Gap, Handler, Platform, ServerlessFunction, Skipped, Trigger, TriggerFilter, TriggerKind } from './model/function.ts';
export type { Located, Location } from './model/location.ts';
export type { Picture, PictureEdge, PictureEdgeKind, PictureLoop, PictureNode, PictureNodeKind, PicturePlace } from './model/picture.ts';
export type { FunctionProfile, ProfileRequest, TiedModule } from './model/profile.ts';
export type { Value } from './model/value.ts';
