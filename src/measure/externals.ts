// What a bundling tool leaves out is a fact about the world; rules ask for it too.
export { externalsOf, externalTest, type Externals } from '../catalog/externals.ts';
