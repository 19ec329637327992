import { cloudformation } from './cloudformation.ts';
import type { Reader } from './reader.ts';
import { serverlessReader } from './serverless.ts';

/** Every format that is read. A new one is a line here. */
export const readers: readonly Reader[] = [cloudformation, serverlessReader];
