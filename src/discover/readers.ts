import { cloudflareReader } from './cloudflare.ts';
import { pagesReader } from './cloudflare-pages.ts';
import { cdkReader } from './cdk.ts';
import { cloudformation } from './cloudformation.ts';
import { partsReader } from './cloudformation-parts.ts';
import type { Reader, ReaderAbout } from './reader.ts';
import { azureAppReader } from './azure-app.ts';
import { apexReader } from './apex.ts';
import { architectReader } from './architect.ts';
import { claudiaReader } from './claudia.ts';
import { azureReader } from './convention-azure.ts';
import { extensionReader } from './firebase-extension.ts';
import { firebasePackageReader, firebaseReader } from './firebase.ts';
import { gcloudReader, googleReader } from './google.ts';
import { netlifyReader } from './netlify.ts';
import { nodeLambdaReader } from './node-lambda.ts';
import { serverlessReader } from './serverless.ts';
import { vercelReader } from './vercel.ts';
import { openwhiskReader } from './openwhisk.ts';
import { openwhiskPackageReader } from './openwhisk-evidence.ts';
import { helixReader } from './openwhisk-helix.ts';
import { openwhiskProjectReader } from './openwhisk-project.ts';
import { openwhiskReadmeReader } from './openwhisk-readme.ts';
import { openwhiskScriptReader } from './openwhisk-scripts.ts';
import { amplifyReader } from './amplify-gen2.ts';
import { cdktfReader } from './cdktf.ts';
import { pulumiReader } from './pulumi.ts';
import { sstReader } from './sst.ts';
import { terraformReader } from './terraform.ts';

/** Every format that is read. A new one is a line here. */
export const readers: readonly Reader[] = [cloudformation, partsReader, serverlessReader, azureReader, netlifyReader, vercelReader, cloudflareReader, pagesReader, firebaseReader, firebasePackageReader, extensionReader, googleReader, gcloudReader, azureAppReader, openwhiskReader, openwhiskScriptReader, openwhiskProjectReader, openwhiskReadmeReader, openwhiskPackageReader, helixReader, architectReader, terraformReader, apexReader, claudiaReader, nodeLambdaReader, cdkReader, sstReader, pulumiReader, cdktfReader, amplifyReader];

/** What is known of code that none of them explains (`evidence-functions.ts`), for the table of supported platforms. */
export const evidenceAbout: ReaderAbout = {
  format: 'anything else', platform: 'all', files: 'code',
  reads: 'what code shows by itself: types of a platform, known wrappers (Middy, Powertools, adapters of Express, Nest and others), registration calls; such functions are *possibly* deployed, and their findings are at most warnings',
  not: 'triggers, settings, and whether it is deployed',
};
