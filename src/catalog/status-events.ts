/** What a service tells the default event bus when something that was started changes its status. */
export interface StatusEvent {
  readonly source: string;
  readonly detailType: string;
  /** The field of `detail` that holds what the call's target names, where that is the same text. */
  readonly names?: string;
  /** The field of `detail` that holds the status. */
  readonly status: string;
  /** The status that starting alone brings about; absent: no event until the end. */
  readonly first?: string;
}

/**
 * By the row of the effect that starts it.
 *
 * Source: Amazon EventBridge events reference (November 2026): "Events delivered via AWS service" for CodeBuild, ECS, Batch, Step
 * Functions, Transcribe, MediaConvert and Glue.
 */
export const statusEvents: ReadonlyMap<string, StatusEvent> = new Map<string, StatusEvent>([
  ['codebuild StartBuild', { source: 'aws.codebuild', detailType: 'CodeBuild Build State Change', names: 'project-name', status: 'build-status', first: 'IN_PROGRESS' }],
  ['ecs RunTask', { source: 'aws.ecs', detailType: 'ECS Task State Change', status: 'lastStatus', first: 'PROVISIONING' }],
  ['batch SubmitJob', { source: 'aws.batch', detailType: 'Batch Job State Change', status: 'status', first: 'SUBMITTED' }],
  ['stepfunctions StartExecution', { source: 'aws.states', detailType: 'Step Functions Execution Status Change', names: 'stateMachineArn', status: 'status', first: 'RUNNING' }],
  ['stepfunctions RedriveExecution', { source: 'aws.states', detailType: 'Step Functions Execution Status Change', status: 'status', first: 'RUNNING' }],
  ['transcribe StartTranscriptionJob', { source: 'aws.transcribe', detailType: 'Transcribe Job State Change', status: 'TranscriptionJobStatus' }],
  ['mediaconvert CreateJob', { source: 'aws.mediaconvert', detailType: 'MediaConvert Job State Change', status: 'status', first: 'PROGRESSING' }],
  ['glue StartJobRun', { source: 'aws.glue', detailType: 'Glue Job State Change', status: 'state' }],
]);
