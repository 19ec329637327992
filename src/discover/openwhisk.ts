import { isManifestName, Manifests } from './openwhisk-manifest.ts';
import { readPackage } from './openwhisk-package.ts';
import { isAside } from './path-aside.ts';
import type { Reader } from './reader.ts';

/** OpenWhisk manifests (wskdeploy) and Adobe App Builder applications, with what they include. */
export const openwhiskReader: Reader = {
  name: 'openwhisk',
  about: {
    format: 'OpenWhisk, Adobe App Builder', platform: 'OpenWhisk', files: '`manifest.yaml`, `app.config.yaml`, `ext.config.yaml`',
    reads: 'packages, actions, sequences, triggers and rules, web actions and their protection, limits, `$include`, sources behind built actions',
    not: 'other languages; feeds of other services',
  },
  matches: (file) => isManifestName(file) && !isAside(file),
  sniff: (text) => /\b(?:actions|sequences|runtimeManifest)\b/.test(text),
  read(file, context) {
    const manifests = new Manifests(context);
    for (const manifest of manifests.of(file)) {
      context.used(file);
      for (const pack of manifest.packages) readPackage(context, file, manifests, manifest, pack);
    }
  },
};
