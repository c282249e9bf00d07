/**
 * `npm run package`: builds Thaw, puts TensorFlow's library beside it, and packages it for this system. What follows is
 * passed to electron-builder: `--dir` stops at the unpacked application; `-c.electronDist=FOLDER` uses an Electron that
 * is there already.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const native = path.join(root, 'dist', 'native');

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
run('scripts/build.mjs');
run('scripts/thaw.mjs', 'doctor');
stageNative();
run('node_modules/electron-builder/cli.js', '--publish=never', ...process.argv.slice(2));

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [path.join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** The addon, with its library in `deps` beside it: the places where tfjs-node's own installer puts them. */
function stageNative() {
  const packageFolder = path.join(root, 'node_modules', '@tensorflow', 'tfjs-node-gpu');
  const link = path.join(packageFolder, 'lib', 'napi-v8', 'tfjs_binding.node');
  mkdirSync(native, { recursive: true });
  if (!existsSync(link)) {
    console.error('The native runtime is not set up: the application will set it up itself, or be portable.');
    return;
  }
  const addon = readFileSync(realpathSync(link));
  const site = path.resolve(path.dirname(realpathSync(link)), '..', 'site', 'tensorflow');
  if (process.platform !== 'linux' || !existsSync(site)) {
    console.error(
      'On this system the native runtime cannot be moved: the application will set it up itself.',
    );
    return;
  }
  mkdirSync(path.join(native, 'lib', 'napi-v8'), { recursive: true });
  mkdirSync(path.join(native, 'deps'), { recursive: true });
  writeFileSync(path.join(native, 'lib', 'napi-v8', 'tfjs_binding.node'), relocated(addon, site));
  for (const library of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'])
    copyFileSync(path.join(site, library), path.join(native, 'deps', library));
}

/** The addon with the place of its library, in its ELF string table, replaced by one beside itself. */
function relocated(addon, site) {
  const [old, fresh] = [Buffer.from(`${site}\0`), Buffer.from('$ORIGIN/../../deps\0')];
  const at = addon.indexOf(old);
  if (at < 0 || fresh.length > old.length)
    throw new Error(`The addon does not look for its library in ${site}`);
  const moved = Buffer.from(addon);
  // What is left of the old string stays: linkers let other strings end in its tail.
  fresh.copy(moved, at);
  return moved;
}
