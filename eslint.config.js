import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { boundaries, processUsers } from './scripts/boundaries.mjs';

/** The settings that enforce one boundary. */
function enforce({ name, files, except = [], allow, types, reason, lazy = false }) {
  const anyOf = (list) => `^(?:${list.join('|')})`;
  return {
    name: `boundary/${name}`,
    files,
    ignores: except,
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', {
        patterns: [
          { regex: `^(?!(?:${[...allow, ...types].join('|')}))`, message: reason },
          ...(types.length === 0 ? [] : [{ regex: anyOf(types), message: `${reason} (Types only.)`, allowTypeImports: true }]),
        ],
      }],
      ...(lazy ? {} : { 'no-restricted-syntax': ['error', { selector: 'ImportExpression', message: `No import() here. ${reason}` }] }),
    },
  };
}

export default defineConfig([
  { ignores: ['dist/', 'dist.*.tmp/', 'coverage/', 'fixtures/', 'bench/out/', 'node_modules/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.recommended.map((config) => ({ ...config, files: ['src/**/*.ts', 'rules/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts', '*.ts'] })),
  {
    files: ['src/**/*.ts', 'rules/**/*.ts', 'scripts/**/*.ts', 'test/**/*.ts'],
    rules: {
      // A name that starts with _ says that it is not used on purpose.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      // A walk up a chain of parents may start at `this`.
      '@typescript-eslint/no-this-alias': 'off',
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
    },
  },
  { files: ['test/**/*.ts'], rules: { 'no-control-regex': 'off' } },
  ...boundaries.map(enforce),
  {
    name: 'boundary/process',
    files: ['src/**/*.ts', 'rules/**/*.ts'],
    ignores: processUsers,
    rules: { 'no-restricted-globals': ['error', { name: 'process', message: 'Only the command line, our own child processes and the search for a parser in the plugin use process: every other layer takes what it needs as an argument.' }] },
  },
]);
