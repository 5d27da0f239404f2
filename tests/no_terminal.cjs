// Stands in for the one compiled module of the CLI, which opens terminals: a synth opens none, and nothing is compiled
// or run while the CLI is installed.
const Module = require("node:module");
const load = Module._load;
Module._load = function (request, ...more) {
  if (request === "@cdktf/node-pty-prebuilt-multiarch") {
    return { spawn() { throw new Error("a synth opens no terminal"); } };
  }
  return load.call(this, request, ...more);
};
