import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

interface Configuration {
  readonly files: readonly { readonly filter: readonly string[] }[];
  readonly asarUnpack: readonly string[];
  readonly electronFuses: Readonly<Record<string, boolean>>;
  readonly mac: Readonly<Record<string, unknown>>;
  readonly win: Readonly<Record<string, unknown>>;
  readonly linux: Readonly<Record<string, unknown>>;
}

/** The packager's own reading of a configuration, and its own judgement of one. */
const builder = createRequire(import.meta.resolve('electron-builder'));
const { getConfig, validateConfiguration } = builder('app-builder-lib/out/util/config/config.js') as {
  getConfig(folder: string, file: string, none: null): Promise<Configuration>;
  validateConfiguration(configuration: unknown, log: unknown): Promise<void>;
};
const { DebugLogger } = builder('builder-util') as { DebugLogger: new (isOn: boolean) => unknown };
const configuration = await getConfig(root, 'electron-builder.yml', null);

it('the packages’ configuration is one that the packager takes', async () => {
  await expect(validateConfiguration(configuration, new DebugLogger(false))).resolves.toBeUndefined();
  const wrong = { ...configuration, electronFuse: {} };
  await expect(validateConfiguration(wrong, new DebugLogger(false))).rejects.toThrow('electronFuse');
});

it('names files that are there, the application’s entry among them', () => {
  const { mac, win, linux, asarUnpack } = configuration;
  const files = configuration.files.flatMap(({ filter }) => filter);
  const named = [...files, ...asarUnpack].filter((one) => !one.startsWith('!') && one !== 'node_modules/**');
  const icons = [mac['icon'], mac['entitlements'], win['icon'], linux['icon']].map(String);
  const places = [...named, ...icons].map((one) => one.replace(/\/\*\*$/, ''));
  expect(places.filter((place) => !existsSync(path.join(root, place)))).toEqual([]);
  const { main } = createRequire(import.meta.url)('../package.json') as { main: string };
  expect(files).toContain(`${path.dirname(main)}/**`);
  expect(existsSync(path.join(root, main))).toBe(true);
});

it('turns off in the binary what would let others run code as Thaw', () => {
  expect(configuration.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
  });
});
