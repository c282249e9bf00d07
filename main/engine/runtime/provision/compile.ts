import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { createRequire } from 'node:module';
import { thawError } from '../../../../shared/errors.ts';
import type { Result } from '../../../../shared/result.ts';
import { err, ok } from '../../../../shared/result.ts';
import { runCommand } from './runCommand.ts';
import type { Wheel } from './target.ts';

const require = createRequire(import.meta.url);
const compilers = [process.env['CXX'], 'g++', 'c++', 'clang++'].filter((name) => name !== undefined);

/** A working C++ compiler's name, or null. */
export async function findCompiler(signal?: AbortSignal): Promise<string | null> {
  for (const compiler of compilers) {
    const { status } = await runCommand(compiler, ['--version'], { signal, timeoutSeconds: 30 });
    if (status === 0) return compiler;
  }
  return null;
}

/**
 * Compiles tfjs-node's addon against Node's C interface and links it to the library in `site`, where it will look for
 * it by absolute path. Errors: engine-missing, saying which compiler to install or what the compiler said.
 */
export async function compileAddon(
  packageFolder: string,
  site: string,
  wheel: Wheel,
  addon: string,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const compiler = await findCompiler(signal);
  if (compiler === null) {
    return err(
      thawError(
        'engine-missing',
        'A C++ compiler, which builds the native TensorFlow addon, was not found.',
        {
          expected: 'g++ or clang++ on the PATH',
          remedy:
            'Install it (Debian, Ubuntu: sudo apt install g++; Fedora: sudo dnf install gcc-c++; macOS: xcode-select --install), then run `thaw doctor`.',
        },
      ),
    );
  }
  const folder = path.dirname(addon);
  const links = path.join(folder, 'link');
  await rm(links, { recursive: true, force: true });
  await mkdir(links, { recursive: true });
  const extension = process.platform === 'darwin' ? 'dylib' : 'so';
  const [library, framework] = wheel.libraries.map((name) => path.join(site, name));
  await symlink(library ?? '', path.join(links, `libtensorflow.${extension}`));
  await symlink(framework ?? '', path.join(links, `libtensorflow_framework.${extension}`));
  const partial = `${addon}.partial`;
  const { include_dir: headers } = require('node-api-headers') as { include_dir: string };
  const { status, output } = await runCommand(
    compiler,
    [
      '-std=c++17',
      // It deletes arrays of characters as if they were one: an allocator that is told that size (jemalloc) goes wrong.
      '-fno-sized-deallocation',
      '-O2',
      '-fPIC',
      '-shared',
      '-w',
      '-DNAPI_VERSION=8',
      `-I${headers}`,
      `-I${path.join(site, 'tensorflow', 'include')}`,
      path.join(packageFolder, 'binding', 'tfjs_backend.cc'),
      path.join(packageFolder, 'binding', 'tfjs_binding.cc'),
      `-L${links}`,
      '-ltensorflow',
      '-ltensorflow_framework',
      `-Wl,-rpath,${path.join(site, 'tensorflow')}`,
      ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
      '-o',
      partial,
    ],
    { signal },
  );
  if (status !== 0) {
    return err(
      thawError('engine-missing', `${compiler} could not build the native TensorFlow addon.`, {
        found:
          output
            .trim()
            .split('\n')
            .find((line) => line.includes('error')) ?? output.trim().slice(-300),
        remedy: 'Run `thaw doctor --verbose` and see that the compiler knows C++17.',
        detail: output,
      }),
    );
  }
  await rename(partial, addon);
  return ok(undefined);
}
