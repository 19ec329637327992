/**
 * How a repair is written down, format by format: the one property to set, as people type it. Sources (November 2026): AWS CloudFormation and SAM
 * resource references, Serverless Framework "Serverless.yml reference", Terraform providers hashicorp/aws 6 and google 7, AWS CDK 2 API reference,
 * SST 3 components, Pulumi AWS 7, wrangler configuration, Adobe `manifest.yml`, Vercel, Netlify and Firebase configuration, Architect 11 ("@aws" of a manifest or `config.arc`),
 * Azure Functions ("HTTP trigger: authLevel").
 */
export type IacFormat = 'cloudformation' | 'cloudformationJson' | 'serverless' | 'terraform' | 'cdk' | 'sst' | 'pulumi' | 'wranglerToml' | 'wranglerJson' | 'openwhisk' | 'manifest' | 'architect' | 'firebase' | 'functionJson' | 'azureCode';

/** What is to be set; a number or name where the repair has one. */
export type IacChange =
  | { readonly set: 'partialBatchResponse' | 'redrive' | 'deadLetterQueue' | 'routeAuth' | 'methodAuth' | 'urlAuth' | 'tracing' | 'tracingConfig' | 'failureQueue' | 'failureConfig' }
  | { readonly set: 'timeoutSeconds' | 'visibilitySeconds' | 'maximumConcurrency' | 'memoryMb' | 'temporaryMb' | 'batchSize' | 'retries' | 'maxAttempts'; readonly value: number }
  | { readonly set: 'runtime'; readonly value: string };

type Writer = (change: IacChange & { readonly value?: number | string }) => string;
type Row = Partial<Record<IacFormat, Writer>>;

const number = (name: string, form: 'yaml' | 'json' | 'hcl' | 'code'): Writer => ({ value }) => (form === 'hcl' ? `${name} = ${value}` : form === 'json' ? `"${name}": ${value}` : `${name}: ${value}`);
const fixed = (text: string): Writer => () => text;

const rows: Readonly<Record<IacChange['set'], Row>> = {
  partialBatchResponse: {
    cloudformation: fixed('FunctionResponseTypes: [ReportBatchItemFailures]'), cloudformationJson: fixed('"FunctionResponseTypes": ["ReportBatchItemFailures"]'),
    serverless: fixed('functionResponseType: ReportBatchItemFailures'), terraform: fixed('function_response_types = ["ReportBatchItemFailures"]'),
    cdk: fixed('reportBatchItemFailures: true'), sst: fixed('batch: { partialResponses: true }'), pulumi: fixed('functionResponseTypes: ["ReportBatchItemFailures"]'),
  },
  redrive: {
    cloudformation: fixed('RedrivePolicy: { deadLetterTargetArn: !GetAtt DeadLetters.Arn, maxReceiveCount: 5 }'), cloudformationJson: fixed('"RedrivePolicy": { "deadLetterTargetArn": { "Fn::GetAtt": ["DeadLetters", "Arn"] }, "maxReceiveCount": 5 }'),
    serverless: fixed('RedrivePolicy: { deadLetterTargetArn: !GetAtt DeadLetters.Arn, maxReceiveCount: 5 }'),
    terraform: fixed('redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead_letters.arn, maxReceiveCount = 5 })'),
    cdk: fixed('deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 }'), sst: fixed('dlq: { queue: deadLetters.arn, retry: 5 }'),
    pulumi: fixed('redrivePolicy: deadLetters.arn.apply((arn) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 }))'),
  },
  deadLetterQueue: { wranglerToml: fixed('dead_letter_queue = "dead-letters"'), wranglerJson: fixed('"dead_letter_queue": "dead-letters"'), sst: fixed('dlq: deadLetters.name') },
  routeAuth: {
    cloudformation: fixed('Auth: { Authorizer: AWS_IAM }'), cloudformationJson: fixed('"Auth": { "Authorizer": "AWS_IAM" }'), serverless: fixed('authorizer: { type: aws_iam }'),
    terraform: fixed('authorization_type = "AWS_IAM"'), cdk: fixed('authorizer: new HttpIamAuthorizer()'), sst: fixed('auth: { iam: true }'), openwhisk: fixed('annotations: { require-adobe-auth: true }'),
    functionJson: fixed('"authLevel": "function"'), azureCode: fixed("authLevel: 'function'"),
  },
  // A method of a REST API has another word than a route of an HTTP API.
  methodAuth: { terraform: fixed('authorization = "AWS_IAM"') },
  urlAuth: {
    cloudformation: fixed('AuthType: AWS_IAM'), cloudformationJson: fixed('"AuthType": "AWS_IAM"'), serverless: fixed('url: { authorizer: aws_iam }'), terraform: fixed('authorization_type = "AWS_IAM"'),
    cdk: fixed('authType: FunctionUrlAuthType.AWS_IAM'), sst: fixed('url: { authorization: "iam" }'), pulumi: fixed('authorizationType: "AWS_IAM"'),
  },
  tracing: { cloudformation: fixed('Tracing: Active'), cloudformationJson: fixed('"Tracing": "Active"'), serverless: fixed('tracing: Active'), terraform: fixed('tracing_config { mode = "Active" }'), cdk: fixed('tracing: Tracing.ACTIVE'), pulumi: fixed('tracingConfig: { mode: "Active" }') },
  // Of `AWS::Lambda::Function`; the other word is that of `AWS::Serverless::Function`.
  tracingConfig: { cloudformation: fixed('TracingConfig: { Mode: Active }'), cloudformationJson: fixed('"TracingConfig": { "Mode": "Active" }') },
  failureQueue: { cloudformation: fixed('DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt DeadLetters.Arn }'), cloudformationJson: fixed('"DeadLetterQueue": { "Type": "SQS", "TargetArn": { "Fn::GetAtt": ["DeadLetters", "Arn"] } }') },
  failureConfig: { cloudformation: fixed('DeadLetterConfig: { TargetArn: !GetAtt DeadLetters.Arn }'), cloudformationJson: fixed('"DeadLetterConfig": { "TargetArn": { "Fn::GetAtt": ["DeadLetters", "Arn"] } }') },
  timeoutSeconds: {
    architect: ({ value }) => `timeout ${value}`,
    cloudformation: number('Timeout', 'yaml'), cloudformationJson: number('Timeout', 'json'), serverless: number('timeout', 'yaml'), terraform: number('timeout', 'hcl'),
    cdk: ({ value }) => `timeout: Duration.seconds(${value})`, sst: ({ value }) => `timeout: "${value} seconds"`, pulumi: number('timeout', 'code'), openwhisk: ({ value }) => `timeout: ${Number(value) * 1_000}`,
  },
  visibilitySeconds: {
    cloudformation: number('VisibilityTimeout', 'yaml'), cloudformationJson: number('VisibilityTimeout', 'json'), serverless: number('VisibilityTimeout', 'yaml'), terraform: number('visibility_timeout_seconds', 'hcl'),
    cdk: ({ value }) => `visibilityTimeout: Duration.seconds(${value})`, sst: ({ value }) => `visibilityTimeout: "${value} seconds"`, pulumi: number('visibilityTimeoutSeconds', 'code'),
  },
  maximumConcurrency: {
    cloudformation: ({ value }) => `ScalingConfig: { MaximumConcurrency: ${value} }`, cloudformationJson: ({ value }) => `"ScalingConfig": { "MaximumConcurrency": ${value} }`, serverless: number('maximumConcurrency', 'yaml'),
    terraform: ({ value }) => `scaling_config { maximum_concurrency = ${value} }`, cdk: number('maxConcurrency', 'code'), pulumi: ({ value }) => `scalingConfig: { maximumConcurrency: ${value} }`,
  },
  memoryMb: {
    architect: ({ value }) => `memory ${value}`,
    cloudformation: number('MemorySize', 'yaml'), cloudformationJson: number('MemorySize', 'json'), serverless: number('memorySize', 'yaml'), terraform: number('memory_size', 'hcl'), cdk: number('memorySize', 'code'),
    sst: ({ value }) => `memory: "${value} MB"`, pulumi: number('memorySize', 'code'), openwhisk: number('memorySize', 'yaml'),
  },
  temporaryMb: {
    cloudformation: ({ value }) => `EphemeralStorage: { Size: ${value} }`, cloudformationJson: ({ value }) => `"EphemeralStorage": { "Size": ${value} }`, serverless: number('ephemeralStorageSize', 'yaml'), terraform: ({ value }) => `ephemeral_storage { size = ${value} }`,
    cdk: ({ value }) => `ephemeralStorageSize: Size.mebibytes(${value})`, sst: ({ value }) => `storage: "${value} MB"`, pulumi: ({ value }) => `ephemeralStorage: { size: ${value} }`,
  },
  batchSize: {
    cloudformation: number('BatchSize', 'yaml'), cloudformationJson: number('BatchSize', 'json'), serverless: number('batchSize', 'yaml'), terraform: number('batch_size', 'hcl'), cdk: number('batchSize', 'code'), sst: ({ value }) => `batch: { size: ${value} }`,
    pulumi: number('batchSize', 'code'), wranglerToml: number('max_batch_size', 'hcl'), wranglerJson: number('max_batch_size', 'json'),
  },
  retries: { cloudformation: number('MaximumRetryAttempts', 'yaml'), cloudformationJson: number('MaximumRetryAttempts', 'json'), serverless: number('maximumRetryAttempts', 'yaml'), terraform: number('maximum_retry_attempts', 'hcl'), cdk: number('retryAttempts', 'code') },
  maxAttempts: { cloudformation: number('MaxAttempts', 'yaml'), cloudformationJson: number('MaxAttempts', 'json'), serverless: number('MaxAttempts', 'yaml'), terraform: number('MaxAttempts', 'hcl'), cdk: number('maxAttempts', 'code') },
  runtime: {
    cloudformation: ({ value }) => `Runtime: ${value}`, cloudformationJson: ({ value }) => `"Runtime": "${value}"`, serverless: ({ value }) => `runtime: ${value}`, terraform: ({ value }) => `runtime = "${value}"`,
    cdk: ({ value }) => `runtime: Runtime.${String(value).toUpperCase().replace(/^(NODEJS)(\d+)\.X$/, '$1_$2_X')}`, sst: ({ value }) => `runtime: "${value}"`, pulumi: ({ value }) => `runtime: "${value}"`, openwhisk: ({ value }) => `runtime: ${value}`,
    architect: ({ value }) => `runtime ${value}`, firebase: ({ value }) => `"runtime": "${value}"`,
    manifest: ({ value }) => `"engines": { "node": "${String(value).replace(/^\D*(\d+).*$/, '$1')}" }`,
  },
};

/** A change as it is typed in a format; `undefined` where the format has no such property, or it is not known. Pure. */
export function changeText(format: IacFormat, change: IacChange): string | undefined {
  return rows[change.set][format]?.(change);
}
