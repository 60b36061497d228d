// Serves the graphs of langgraph.json to LangGraph Studio: `node scripts/studio.mjs [--port N] [--fresh] [--no-reload]`.
// Keys may stand in .env. With a models.yaml beside langgraph.json its models answer, else scripted ones do.
// --port   default: a free one            --fresh   forget all threads at the end; default: they are kept in .langgraph_api/
// --no-reload   default: the server restarts when a graph or dist/ changes
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { modelsFile } from "./models-file.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { port: wanted, fresh, "no-reload": noReload } = options();
if (!existsSync(`${root}dist/esm/index.js`)) {
  execFileSync(process.execPath, [`${root}scripts/build.mjs`], { stdio: "inherit" });
}

const { findDevServer, freePort, startDevServer } = await import("../dist/esm/cli/studio/dev-server.js");

if (existsSync(`${root}.env`)) process.loadEnvFile(`${root}.env`);
const config = JSON.parse(readFileSync(`${root}langgraph.json`, "utf8"));
const port = await freePort(Number(wanted ?? 0)).catch(({ code }) =>
  fail(`Port ${wanted} cannot be used (${code}); leave --port out to get a free one`),
);
const folder = fresh ? temporaryFolder() : root;
const server = startDevServer(findDevServer(root), { folder, port, reload: !noReload });
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(signal));
process.on("disconnect", () => stop("SIGTERM")); // whoever started it with a channel, a test, is gone
server.ended.then((code) => stop("SIGTERM", code || 1));
server.ready.then(announce, ({ message }) => console.error(message));

function options() {
  try {
    const boolean = { type: "boolean" };
    const known = { port: { type: "string" }, fresh: boolean, "no-reload": boolean, help: boolean };
    const { help, ...values } = parseArgs({ options: known }).values;
    if (!help) return values;
    console.log(
      "npm run studio -- [--port N] [--fresh: forget all threads at the end] [--no-reload]  (docs/studio.md)",
    );
    process.exit();
  } catch (error) {
    fail(error.message);
  }
}

/** The server keeps its threads beside its configuration; it looks for packages from there, so this stays inside the project. */
function temporaryFolder() {
  mkdirSync(`${root}.langgraph_api`, { recursive: true });
  const path = mkdtempSync(`${root}.langgraph_api/fresh-`);
  const graphs = Object.entries(config.graphs).map(([id, graph]) => [
    id,
    { ...graph, path: resolve(root, graph.path) },
  ]);
  writeFileSync(join(path, "langgraph.json"), JSON.stringify({ ...config, graphs: Object.fromEntries(graphs) }));
  return path;
}

async function announce() {
  const { url } = server;
  await describeGraphs(url).catch(({ message }) => console.error(`The graphs have no descriptions: ${message}`));
  const width = Math.max(...Object.keys(config.graphs).map((id) => id.length));
  const graphs = Object.entries(config.graphs).map(([id, { description }]) => `  ${id.padEnd(width)}  ${description}`);
  console.log(`\nStudio  https://smith.langchain.com/studio?baseUrl=${url}\nAPI     ${url}`);
  const scripted = "scripted; a models.yaml beside langgraph.json brings your own (docs/studio.md)";
  console.log(`Models  ${modelsFile() ?? scripted}\nGraphs`);
  console.log(`${graphs.join("\n")}\nStop with Ctrl-C\n`);
}

/** The server reads no description out of langgraph.json; its assistants, which Studio lists, take one. */
async function describeGraphs(url) {
  for (const [id, { description }] of Object.entries(config.graphs)) {
    const assistant = await (await fetch(`${url}/assistants/${id}`)).json();
    if (assistant.description === description) continue;
    const headers = { "content-type": "application/json" };
    await fetch(`${url}/assistants/${id}`, { method: "PATCH", headers, body: JSON.stringify({ description }) });
  }
}

/** Passes a signal on, waits until every process of the server has gone, and goes too. */
async function stop(signal, code = 0) {
  if (stopping) return;
  stopping = true;
  await server.stop(signal);
  if (fresh) rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
