import { cloudformation } from './cloudformation.ts';
import type { Reader } from './reader.ts';
import { azureReader } from './convention-azure.ts';
import { netlifyReader } from './convention-web.ts';
import { serverlessReader } from './serverless.ts';
import { vercelReader } from './vercel.ts';

/** Every format that is read. A new one is a line here. */
export const readers: readonly Reader[] = [cloudformation, serverlessReader, azureReader, netlifyReader, vercelReader];
