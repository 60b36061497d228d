// `npm run notebooks`: opens the notebooks in Jupyter, with the kernel of this repository. Only Jupyter itself has to be installed.
import { spawn, spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { linkPackage } from "./link-package.mjs";

const folder = fileURLToPath(new URL("../../notebooks/", import.meta.url));
const applications = ["lab", "notebook"] as const;
const setup = `Jupyter is not installed, or has no page to show notebooks on. Do one of these, and come back:

  pip install jupyterlab
  apt-get install jupyter-notebook

The notebooks can be read without it: their outputs are in the files. \`npm run test:notebooks\` runs them without it too.
`;

const application = applications.find((name) => spawnSync("jupyter", [name, "--version"]).status === 0);
if (application === undefined) {
  process.stderr.write(setup);
  process.exitCode = 1;
} else {
  linkPackage();
  const kernels = [`${folder}.jupyter`, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter);
  const jupyter = spawn("jupyter", [application, "start-here.ipynb", ...process.argv.slice(2)], {
    cwd: folder,
    env: { ...process.env, JUPYTER_PATH: kernels },
    stdio: "inherit",
  });
  jupyter.once("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
