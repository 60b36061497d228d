// What `notebooks/.jupyter/kernels/tslab/kernel.json` starts: the tslab of this repository, so that nothing is installed globally.
import { linkPackage } from "./link-package.mjs";
import { loadTslab } from "./tslab.mjs";

linkPackage();
loadTslab().main.startKernel({
  configPath: process.argv[2],
  enableFindLocal: false,
  jsKernel: false,
  globalVersion: "",
});
