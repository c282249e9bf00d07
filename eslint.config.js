import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import importX from 'eslint-plugin-import-x';
import globals from 'globals';

/** Who may import whom; see ARCHITECTURE.md. `from` may not be imported by `target`. */
const zones = [
  { target: './shared', from: ['./main', './renderer', './preload'] },
  { target: './renderer', from: ['./main', './preload'] },
  { target: './preload', from: ['./main', './renderer'] },
  {
    target: './main/engine',
    from: [
      './main/engine-process',
      './main/app',
      './main/host',
      './main/server',
      './main/cli',
      './renderer',
      './preload',
    ],
  },
  { target: './main/app', from: ['./main/engine', './main/server', './main/cli', './renderer', './preload'] },
  { target: './main/server', from: ['./main/engine', './main/app', './main/cli', './renderer', './preload'] },
  {
    target: './main/host',
    from: ['./main/engine', './main/app', './main/server', './main/cli', './renderer', './preload'],
  },
];

const nativeRuntimes = ['@tensorflow/*', 'onnxruntime-node'];

export default tseslint.config(
  { ignores: ['dist', 'release', 'node_modules', 'test-results', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['assets/web-page/*.js'],
    languageOptions: { globals: { ...globals.browser, tf: 'readonly' } },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    plugins: { 'import-x': importX },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-default-export': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['main/**/*.ts', 'shared/**/*.ts'],
    ignores: ['main/engine/runtime/**', '**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: nativeRuntimes,
              message: 'Only main/engine/runtime imports native runtimes.',
              allowTypeImports: true,
            },
          ],
        },
      ],
    },
  },
  {
    files: ['shared/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'shared is plain TypeScript.' }] },
      ],
    },
  },
  {
    files: ['**/*.test.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['**/*.config.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
);
