import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** One file imports each third-party package: its adapter. */
const adapters = {
  commander: 'src/commands/program.ts',
  'csv-parse': 'src/decode/csv-record.ts',
  split2: 'src/decode/split-lines.ts',
  'cli-table3': 'src/report/render/table.ts',
  chalk: 'src/report/render/style.ts',
  asciichart: 'src/report/render/line-chart.ts',
  'string-width': 'src/report/render/text-width.ts',
  isbot: 'src/decode/bots.ts',
  tinyglobby: 'src/input/expand-inputs.ts',
  fastify: 'src/serve/http-server.ts',
  '@fastify/cors': 'src/serve/http-server.ts',
  '@fastify/rate-limit': 'src/serve/http-server.ts',
  'prom-client': 'src/serve/metrics.ts',
  uplot: 'src/dashboard/time-series-chart.ts',
  '@duckdb/node-api': 'src/store/duckdb/engine.ts',
  '@duckdb/node-bindings': 'src/store/duckdb/vectors.ts',
};

const throughAdapter = (name) => `Import it through its adapter, ${adapters[name]}.`;

/** No import of these packages, static or dynamic, and no place of this code's own file. */
const only = (packages) => ({
  'no-restricted-imports': [
    'error',
    { paths: packages.map((name) => ({ name, message: throughAdapter(name) })) },
  ],
  'no-restricted-syntax': [
    'error',
    ...packages.map((name) => ({
      selector: `ImportExpression[source.value='${name}']`,
      message: throughAdapter(name),
    })),
    {
      selector: 'MetaProperty',
      message: 'The build puts all code into one folder: name files by packageFile().',
    },
  ],
});

const ioModules = ['fs', 'fs/promises', 'net', 'http', 'https', 'child_process', 'worker_threads'].flatMap(
  (name) => [name, `node:${name}`],
);

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'data/', 'tmp/', 'src/decode/kernel/assembly/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: only(Object.keys(adapters)),
  },
  ...Object.entries(
    Object.groupBy
      ? Object.groupBy(Object.keys(adapters), (name) => adapters[name])
      : Object.keys(adapters).reduce((byFile, name) => {
          (byFile[adapters[name]] ??= []).push(name);
          return byFile;
        }, {}),
  ).map(([file, owned]) => ({
    files: [file],
    rules: only(Object.keys(adapters).filter((name) => !owned.includes(name))),
  })),
  { files: ['src/package-files.ts'], rules: { 'no-restricted-syntax': 'off' } },
  {
    // decode, aggregate and render are pure: they get bytes or data and give data or text back.
    files: ['src/decode/**/*.ts', 'src/aggregate/**/*.ts', 'src/event/**/*.ts', 'src/report/render/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: ioModules.map((name) => ({ name, message: 'This room does no I/O.' })),
          patterns: [
            { group: ['**/commands/**', '**/commands/*'], message: 'Nothing imports commands/.' },
            { group: ['**/store/duckdb/**'], message: 'An engine is reached through store/ only.' },
          ],
        },
      ],
      'no-restricted-globals': ['error', { name: 'process', message: 'Pass it in: this room does no I/O.' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Only src/main.ts ends the process.' },
      ],
    },
  },
  {
    files: ['bin/*.js', '**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly', process: 'readonly' } },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
      },
    },
  },
);
