import { isManifestName, Manifests } from './openwhisk-manifest.ts';
import { readPackage } from './openwhisk-package.ts';
import { isAside } from './path-aside.ts';
import type { Reader } from './reader.ts';

/** OpenWhisk manifests (wskdeploy) and Adobe App Builder applications, with what they include. */
export const openwhiskReader: Reader = {
  name: 'openwhisk',
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
