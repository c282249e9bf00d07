/** `node:stream/promises` for Node 12. */
const { promisify } = require('util');

module.exports = { pipeline: promisify(require('stream').pipeline) };
