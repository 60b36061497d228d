// What `notebooks/.jupyter/kernels/tslab/kernel.json` starts: the kernel of this package, over the tslab of this repository.
import { kernel } from "../../dist/esm/cli/kernel.js";
import { linkPackage } from "./link-package.mjs";

linkPackage();
await kernel({ name: "tslab", connection: process.argv[2] });
