// Runs the cells of one notebook with tslab's own compiler and executor, without Jupyter: a process for each notebook, started by
// run.ts, to which it reports. `node run-cells.mjs <notebook> [--stock]`
import { readFileSync } from "node:fs";
import { Socket } from "node:net";
import { dirname, resolve } from "node:path";
import { loadTslab } from "../../dist/esm/cli/kernel/load-tslab.js";
import { watchDrawings } from "./watch-drawings.mjs";

const [file, ...flags] = process.argv.slice(2);
const notebook = JSON.parse(readFileSync(resolve(file), "utf8"));
process.chdir(dirname(resolve(file))); // where Jupyter starts a kernel
stayOffline();

const { converter, executor, jupyter } = loadTslab({
  folders: [import.meta.dirname],
  stock: flags.includes("--stock"),
});
const node = converter.createConverter({ isJS: false, isBrowser: false });
const kernel = executor.createExecutor(process.cwd(), { node, close: () => node.close() }, console);

const takeDrawings = watchDrawings();
const results = [];
for (const [index, { cell_type, source, metadata }] of notebook.cells.entries()) {
  const text = [source].flat().join("");
  if (cell_type !== "code" || text.trim() === "") continue;
  const result = await runCell(index, text);
  results.push(result);
  const isExpected = metadata?.tags?.includes("raises-exception") ?? false;
  if (!result.ok && !isExpected) break;
}
process.send(results, () => process.exit());

async function runCell(index, source) {
  const outputs = [];
  const write = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const name of Object.keys(write)) process[name].write = (chunk) => addText(outputs, name, chunk);
  jupyter.lastWriteDisplayData = (display, update) => addDisplay(outputs, display, update);
  const before = process.cpuUsage();
  let ok = false;
  try {
    ok = await kernel.execute(source);
  } catch (error) {
    addText(outputs, "stderr", `${error.stack}\n`); // the compiler itself gave up
  } finally {
    for (const name of Object.keys(write)) process[name].write = write[name];
  }
  const { user, system } = process.cpuUsage(before); // time on the clock says more about what else the machine does
  return {
    index,
    ok,
    cpuSeconds: (user + system) / 1e6,
    outputs: outputs.map(({ id, ...rest }) => rest),
    drawings: takeDrawings(),
  };
}

function addText(outputs, name, chunk) {
  const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
  const last = outputs.at(-1);
  if (last?.name === name) last.text += text;
  else outputs.push({ output_type: "stream", name, text });
  return true;
}

function addDisplay(outputs, { data, metadata, transient }, update) {
  const id = transient?.display_id;
  const shown = update ? outputs.find((output) => output.id === id) : undefined;
  if (shown) shown.data = data;
  else outputs.push({ output_type: "display_data", data, metadata, id });
}

/** A notebook that reaches out fails here, not only where there is no network. */
function stayOffline() {
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (...parameters) {
    const { host, path } = [parameters].flat(2)[0] ?? {};
    if (path === undefined && host !== undefined && !["127.0.0.1", "localhost", "::1"].includes(host)) {
      throw new Error(`a notebook may not use the network: ${host}`);
    }
    return connect.apply(this, parameters);
  };
}
