import commonjs from "@rollup/plugin-commonjs";
import json from "@rollup/plugin-json";
import resolve from "@rollup/plugin-node-resolve";
import { build } from "esbuild";
import { rollup } from "rollup";
import webpack from "webpack";

/** What each bundler does with its usual settings for a browser or a worker: writes a module, and returns its complaints. */
export const bundlers = {
  async esbuild(entry, outfile) {
    const { errors, warnings } = await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: "esm",
      logLevel: "silent",
    }).catch(({ errors = [], warnings = [] }) => ({ errors, warnings }));
    return { errors: errors.map(({ text }) => text), warnings: warnings.map(({ text }) => text) };
  },

  async rollup(entry, outfile) {
    const warnings = [];
    const onwarn = ({ code, message }) => warnings.push(`${code}: ${message}`);
    const bundle = await rollup({
      input: entry,
      onwarn,
      plugins: [resolve({ browser: true }), commonjs(), json()],
    });
    await bundle.write({ file: outfile, format: "es", inlineDynamicImports: true });
    await bundle.close();
    return { errors: [], warnings };
  },

  async webpack(entry, outfile) {
    const path = outfile.slice(0, outfile.lastIndexOf("/"));
    const stats = await new Promise((done, fail) => {
      webpack(
        {
          entry,
          mode: "development",
          devtool: false,
          target: "webworker",
          experiments: { outputModule: true },
          output: { path, filename: outfile.slice(path.length + 1), library: { type: "module" } },
        },
        (error, result) => (error ? fail(error) : done(result)),
      );
    });
    const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
    return { errors: errors.map(({ message }) => message), warnings: warnings.map(({ message }) => message) };
  },
};
