import { describe, expect, it } from 'vitest';
import { brief, discovered, find, triggersOf } from './web-support.ts';

const manifest = (scripts: Record<string, string>): string => JSON.stringify({ name: 'holds', scripts }, null, 2);
const code = { 'index.js': 'exports.handler = (event, context, callback) => callback(null, event);' };

describe('node-lambda', () => {
  it('reads settings of the script and of .env, each at its place', () => {
    const found = discovered({
      ...code,
      'package.json': manifest({ run: 'node-lambda run', 'deploy-production': 'npm run build && ./node_modules/.bin/node-lambda deploy -e production -t 90 -f config/prod.env -S sources.json' }),
      '.env': '# settings\nAWS_FUNCTION_NAME=HoldsConsumer\nAWS_RUNTIME="nodejs18.x"\nAWS_TIMEOUT=30\nAWS_MEMORY_SIZE=512\nAWS_REGION=\n',
      'config/prod.env': 'QUEUE=holds # the queue\nexport STAGE=\'prod\'\n',
      'sources.json': JSON.stringify({
        EventSourceMappings: [{ EventSourceArn: 'arn:aws:kinesis:us-east-1:1:stream/Holds', BatchSize: 50, Enabled: true }, { EventSourceArn: 'arn:aws:sqs:us-east-1:1:holds', Enabled: false }, { EventSourceArn: 'other' }],
        ScheduleEvents: [{ ScheduleName: 'night', ScheduleExpression: 'rate(1 day)' }],
        S3Events: [{ Bucket: 'scans', Events: ['s3:ObjectCreated:*'], Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'in/' }] } } }],
      }),
    });
    expect(found.functions).toMatchObject([{
      id: 'package.json#HoldsConsumer', platform: 'aws', physicalName: { value: 'HoldsConsumer-production' }, handlers: [{ file: 'index.js', export: 'handler' }],
      runtime: { value: 'nodejs18.x', location: { file: '.env', line: 3 } }, timeoutSeconds: { value: 90, location: { file: 'package.json', line: 5 } }, memoryMb: { value: 512, location: { file: '.env', line: 5 } },
    }]);
    expect(find(found, 'HoldsConsumer').region).toBeUndefined();
    expect([...find(found, 'HoldsConsumer').environment]).toEqual([['QUEUE', { kind: 'literal', value: 'holds' }], ['STAGE', { kind: 'literal', value: 'prod' }]]);
    expect(triggersOf(found, 'HoldsConsumer')).toEqual(['stream', 'queue', 'schedule rate(1 day)', expect.stringMatching(/^bucket/)]);
    const [stream, queue, , bucket] = find(found, 'HoldsConsumer').triggers;
    expect([stream, queue, bucket]).toMatchObject([
      { source: 'Kinesis', batchSize: 50, resource: { value: 'arn:aws:kinesis:us-east-1:1:stream/Holds' } }, { source: 'SQS', enabled: false }, { resource: { value: 'scans' }, filters: [{ rules: [{ prefix: { value: 'in/' } }] }] },
    ]);
    expect(stream).not.toHaveProperty('enabled');
  });

  it('takes scripts for several environments for one function, in production', () => {
    const scripts = (order: readonly string[]) => Object.fromEntries(order.map((stage) => [`deploy-${stage}`, `node-lambda deploy -e ${stage} -f ${stage}.env --handler dist/index.handler`]));
    for (const order of [['qa', 'production'], ['production', 'qa']]) {
      const found = discovered({ ...code, 'package.json': manifest(scripts(order)), 'qa.env': 'STAGE=qa', 'production.env': 'STAGE=production' });
      expect(found.functions.map((fn) => [fn.id, fn.handlers[0]?.file, fn.environment.get('STAGE')])).toEqual([['package.json#holds', 'index.js', { kind: 'literal', value: 'production' }]]);
    }
    expect(brief({ ...code, 'other.js': 'exports.run = 1;', 'package.json': manifest({ a: 'node-lambda deploy -n one', b: 'node-lambda deploy -n two --handler=other.run' }) })).toEqual(['package.json#one aws index.js:handler', 'package.json#two aws other.js:run']);
  });

  it('old files of event sources are a list; defaults are the tool’s', () => {
    const found = discovered({ ...code, 'package.json': manifest({ d: 'node-lambda deploy -S sources.json' }), 'sources.json': '[{"EventSourceArn": "arn:aws:dynamodb:x:1:table/t/stream/1"}]' });
    expect(triggersOf(found, 'holds')).toEqual(['stream']);
    expect(found.functions).toMatchObject([{ timeoutSeconds: { value: 60 }, memoryMb: { value: 128 } }]);
    expect(found.functions[0]).not.toHaveProperty('runtime');
  });

  it('tells of a handler that is not there, and takes nothing that deploys nothing', () => {
    expect(discovered({ 'package.json': manifest({ d: 'node-lambda deploy --handler gone.handler' }) }).gaps).toMatchObject([{ kind: 'handler', line: 4 }]);
    expect(brief({ ...code, 'package.json': manifest({ a: 'node-lambda run', b: 'node-lambda package -h index.handler', c: 'echo node-lambda' }) })).toEqual([]);
  });
});
