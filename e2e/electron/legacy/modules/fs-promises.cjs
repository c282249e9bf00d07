/** `node:fs/promises` for Node 12. */
const { promises, existsSync } = require('fs');

module.exports = {
  ...promises,
  async rm(target, { recursive = false, force = false } = {}) {
    if (force && !existsSync(target)) return;
    const isFolder = (await promises.lstat(target)).isDirectory();
    await (isFolder ? promises.rmdir(target, { recursive }) : promises.unlink(target));
  },
};
