import { columnsOf, referencesOf, targetsOf } from "./graph-references.js";
import { deepest, type GraphSpec } from "./graph-spec.js";
import type { Names, Telling } from "./refer.js";
import { complexities } from "./strategy-spec.js";

type Graphs = Readonly<Record<string, GraphSpec>>;

/** Finds names in graphs that nothing has, models that are there twice, and graphs that hold themselves. */
export function checkGraphs(graphs: Graphs, names: Names, { refer, complain }: Telling): void {
  const known = [...names.models, ...names.graphs];
  for (const [graph, spec] of Object.entries(graphs)) {
    const path = ["graphs", graph];
    for (const { name, path: below } of referencesOf(spec)) refer(name, known, "model or graph", [...path, ...below]);
    if ("models" in spec && Array.isArray(spec.models)) {
      for (const [index, name] of spec.models.entries()) {
        if (spec.models.indexOf(name) === index) continue;
        const nodes = `{ first: ${name}, second: ${name} }`;
        complain([...path, "models", index], `${name} is there twice; to ask it twice, name the nodes: ${nodes}`);
      }
    }
    const nodes = !("models" in spec) ? [] : Array.isArray(spec.models) ? spec.models : Object.keys(spec.models);
    if (spec.pattern === "router") {
      for (const { name, path: below } of targetsOf(spec.route, ["route"]))
        refer(name, nodes, "node", [...path, ...below]);
      for (const { name, path: below } of columnsOf(spec.route, ["route"]))
        refer(name, complexities, "complexity", [...path, ...below]);
    }
    if (spec.pattern === "ensemble" && typeof spec.aggregate === "object" && "weightedVote" in spec.aggregate) {
      for (const node of Object.keys(spec.aggregate.weightedVote))
        refer(node, nodes, "node", [...path, "aggregate", "weightedVote", node]);
    }
    if (spec.pattern === "experiment") {
      for (const node of Object.keys(spec.weights)) refer(node, nodes, "node", [...path, "weights", node]);
    }
    if (spec.pattern === "cascade" && typeof spec.verify === "object" && "agreement" in spec.verify) {
      const { agreement } = spec.verify;
      if (agreement > nodes.length)
        complain([...path, "verify", "agreement"], `can never be: there are ${nodes.length} models; write fewer`);
    }
    if (spec.pattern === "pipeline") {
      for (const [name, stage] of Object.entries(spec.stages)) {
        if (typeof stage === "string" || stage.prompt === undefined) continue;
        refer(stage.prompt, names.prompts, "prompt", [...path, "stages", name, "prompt"]);
      }
    }
  }
  checkCycles(graphs, new Set(names.models), complain);
}

/** Complains once about each circle, where it closes, and about graphs within graphs without end. */
function checkCycles(graphs: Graphs, models: ReadonlySet<string>, complain: Telling["complain"]): void {
  const done = new Set<string>();
  const visit = (graph: string, trail: readonly string[]) => {
    if (done.has(graph)) return;
    const through = [...trail, graph];
    if (through.length > deepest) {
      complain(["graphs", graph], `is the graph within a graph within … ${deepest} times; take some out`);
      return;
    }
    for (const { name, path } of referencesOf(graphs[graph]!).filter((each) => !models.has(each.name))) {
      const start = through.indexOf(name);
      if (start >= 0) {
        const circle = [...through.slice(start), name].join(" → ");
        complain(["graphs", graph, ...path], `a graph cannot hold itself: ${circle}`);
      } else if (Object.hasOwn(graphs, name)) visit(name, through);
    }
    done.add(graph);
  };
  for (const graph of Object.keys(graphs)) visit(graph, []);
}
