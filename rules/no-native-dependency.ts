import { nativeProblems } from '../src/link/queries/native.ts';
import { defineRule } from '../src/rule.ts';

const template = `Transform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: .\n      Handler: handler.handler\n      Runtime: nodejs22.x\n`;

export default defineRule({
  id: 'no-native-dependency',
  title: 'Disallow dependencies whose native part does not run where the function does',
  scope: 'function',
  category: 'size',
  preset: 'recommended',
  risk: 'It works on the machine where it was installed and fails in the cloud when it is loaded: another operating system, another processor, or a program that the runtime does not have.',
  references: [
    { title: 'What is Serverless Architecture: problems with the libraries that rely on OS', document: '003' },
    { title: 'AWS Lambda: deploy Node.js functions with .zip archives (native libraries)', url: 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html' },
    { title: 'Cloudflare Workers: Node.js compatibility', url: 'https://developers.cloudflare.com/workers/runtime-apis/nodejs/' },
  ],
  messages: {
    otherMachine: { severity: 'warning', text: "'{name}' is installed for {has}, and the function runs on {target}.", repair: 'Install for the function’s machine when the package is made (npm install --os=linux --cpu={cpu} --libc=glibc, or build in a container of the runtime), or use a layer or a container image.' },
    excluded: { severity: 'warning', text: "'{name}' says that it runs on {has} only, and the function runs on {target}.", repair: 'Use a package for that machine, or leave this one out of the function.' },
    notBuilt: { severity: 'warning', text: "'{name}' is compiled when it is installed, and has no binary for {target} here.", repair: 'Build in a container of the runtime, or use a layer, a container image or a package that ships binaries.' },
    lost: { severity: 'warning', text: "'{name}' loads a native binary, and the bundler packs its code without it.", repair: 'Leave it out of the bundle and install it beside (external with nodeModules, install or a layer), for the function’s machine.' },
    isolate: { severity: 'warning', text: "'{name}' loads native code, which {platform} cannot load.", repair: 'Use a package in JavaScript or WebAssembly, or move this work to a function of another platform.' },
    system: { severity: 'warning', text: "'{name}' needs {has}, and neither the runtime nor the package brings it.", repair: 'Add a layer or use a container image that has it, or a package that brings its own.' },
  },
  options: {
    allow: { type: 'strings', default: [], description: 'Packages that are taken care of elsewhere, by name.' },
  },
  examples: [
    { title: 'A program that the runtime does not have', code: `const gm = require('gm');\nexports.handler = async (event) => new Promise((resolve, reject) => gm(event.path).resize(200).write('/tmp/small.png', (error) => (error ? reject(error) : resolve())));\n`, template, files: { 'package.json': '{"dependencies":{"gm":"1"}}' }, reports: ['system'] },
    { title: 'A package that brings the program', code: `const ffmpeg = require('fluent-ffmpeg');\nffmpeg.setFfmpegPath(require('ffmpeg-static'));\nexports.handler = async (event) => new Promise((resolve) => ffmpeg(event.path).on('end', resolve).save('/tmp/out.mp3'));\n`, template, files: { 'package.json': '{"dependencies":{"fluent-ffmpeg":"2","ffmpeg-static":"5"}}' }, reports: [] },
    { title: 'A layer that has it', code: `const gm = require('gm');\nexports.handler = async (event) => new Promise((resolve) => gm(event.path).size(resolve));\n`, template: `${template}      Layers: [!Ref MagickLayerArn]\n`, files: { 'package.json': '{"dependencies":{"gm":"1"}}' }, reports: [] },
  ],
  *check({ view, options }) {
    const allowed = options['allow'];
    const { platform } = view.fn;
    for (const { kind, at, chain, has, target, evidence, assumption } of nativeProblems(view)) {
      const name = chain.at(-1) ?? at.package;
      if (Array.isArray(allowed) && chain.some((one) => allowed.includes(one))) continue;
      yield {
        message: kind, at: { file: at.file, start: at.fact.start, end: at.fact.end }, key: `${at.file}:${at.fact.start}:${name}`, evidence,
        data: { name: chain.length > 1 ? chain.join(' → ') : name, has, target, cpu: target.split('-').at(-1) ?? '', platform: platform === 'cloudflare' ? 'Cloudflare Workers' : 'an edge runtime' },
        ...(assumption === undefined ? {} : { assumptions: [assumption] }),
      };
    }
  },
});
