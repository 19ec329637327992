import { largeFileKilobytes, slowInits } from '../src/link/queries/slow-init.ts';
import { defineRule } from '../src/rule.ts';

export default defineRule({
  id: 'no-slow-init',
  title: 'Disallow blocking or networked work while a function starts',
  scope: 'function',
  category: 'size',
  preset: 'strict',
  risk: 'The caller of a cold start waits for all of it, many starts at a time wait for the same service, and what fails or takes longer than the platform’s limit for init is done again at the next start.',
  references: [
    { title: 'Serverless Architecture Overview: cold start latency', document: '004' },
    { title: 'AWS Lambda: execution environment lifecycle (init phase, 10 seconds)', url: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html' },
    { title: 'Node.js: don’t block the event loop', url: 'https://nodejs.org/en/learn/asynchronous-work/dont-block-the-event-loop' },
  ],
  messages: {
    network: { severity: 'warning', text: "Each cold start waits here for '{what}', with no time limit.", repair: 'Ask on first use and keep the promise, or give the client a timeout and run such calls at the same time.' },
    blocks: { severity: 'warning', text: "'{what}' stops each cold start until another program has ended.", repair: 'Do it when the function is built, or on first use in the asynchronous form.' },
    derives: { severity: 'warning', text: "'{what}' is slow on purpose and runs at each cold start.", repair: 'Keep the derived value in a secret, or derive it on first use in the asynchronous form.' },
    largeFile: { severity: 'warning', text: "Each cold start reads '{what}' ({size}) and waits for it.", repair: 'Read it on first use in the asynchronous form, or keep only what is needed in the package.' },
    unknownFile: { severity: 'warning', text: 'Each cold start reads {what} and waits for it.', repair: 'Read a file of the package, or read it on first use in the asynchronous form.' },
    json: { severity: 'warning', text: "'{what}' ({size}) is parsed at each cold start.", repair: 'Read it on first use, keep only what is needed, or put it into a store.' },
    model: { severity: 'warning', text: "'{what}' loads a model at each cold start.", repair: 'Load it on first use and keep it, or leave inference to a service that keeps models loaded.' },
  },
  options: {
    fileKilobytes: { type: 'number', default: largeFileKilobytes, description: 'Files and JSON modules of more than this are large, in kilobytes.' },
  },
  examples: [
    { title: 'A secret at the top of the module', code: `import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';\nconst secrets = new SecretsManagerClient({});\nconst token = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.TOKEN_ID }));\nexport const handler = async () => token.SecretString.length;\n`, reports: ['network'] },
    { title: 'Another program', code: `import { execSync } from 'node:child_process';\nconst version = execSync('git rev-parse HEAD').toString();\nexport const handler = async () => ({ version });\n`, reports: ['blocks'] },
    { title: 'On first use', code: `import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';\nconst secrets = new SecretsManagerClient({});\nlet token;\nexport const handler = async () => {\n  token ??= secrets.send(new GetSecretValueCommand({ SecretId: process.env.TOKEN_ID }));\n  return (await token).SecretString.length;\n};\n`, reports: [] },
    { title: 'With a time limit', code: `const settings = await (await fetch(process.env.SETTINGS_URL, { signal: AbortSignal.timeout(1000) })).json();\nexport const handler = async () => settings;\n`, reports: [] },
  ],
  *check({ view, options }) {
    const kilobytes = typeof options['fileKilobytes'] === 'number' ? options['fileKilobytes'] : largeFileKilobytes;
    for (const { kind, place, data, path, files, assumption } of slowInits(view, kilobytes)) {
      yield { message: kind, at: place, key: `${place.file}:${place.start}`, data, flow: path, evidence: files, ...(assumption ? { assumptions: [assumption] } : {}) };
    }
  },
});
