import type { Names } from "./refer.js";
import { type GraphSpec, maxNesting, membersOf, nodesOf } from "./rows/graph.js";
import type { Complain } from "./text/problems.js";

type Graphs = Readonly<Record<string, GraphSpec>>;

/** Reports models listed twice, unreachable agreements, and graphs that contain themselves. */
export function checkGraphs(graphs: Graphs, names: Names, complain: Complain): void {
  for (const [graph, spec] of Object.entries(graphs)) {
    const path = ["graphs", graph];
    const nodes = nodesOf(spec);
    if ("models" in spec && Array.isArray(spec.models)) {
      for (const [index, name] of spec.models.entries()) {
        if (spec.models.indexOf(name) === index) continue;
        const named = `{ first: ${name}, second: ${name} }`;
        complain([...path, "models", index], `${name} is listed twice; to call it twice, name the nodes: ${named}`);
      }
    }
    if (spec.pattern === "cascade" && typeof spec.verify === "object" && "agreement" in spec.verify) {
      const { agreement } = spec.verify;
      if (agreement > nodes.length)
        complain(
          [...path, "verify", "agreement"],
          `is more than the ${nodes.length} models; write at most ${nodes.length}`,
        );
    }
  }
  checkCycles(graphs, new Set(names.models), complain);
}

/** Reports each cycle once, where it closes, and graphs that are nested too deeply. */
function checkCycles(graphs: Graphs, models: ReadonlySet<string>, complain: Complain): void {
  const done = new Set<string>();
  const visit = (graph: string, trail: readonly string[]) => {
    if (done.has(graph)) return;
    const through = [...trail, graph];
    if (through.length > maxNesting) {
      complain(["graphs", graph], `is nested more than ${maxNesting} graphs deep; nest fewer`);
      return;
    }
    for (const { name, path } of membersOf(graphs[graph]!).filter((each) => !models.has(each.name))) {
      const start = through.indexOf(name);
      if (start >= 0) {
        const circle = [...through.slice(start), name].join(" → ");
        complain(["graphs", graph, ...path], `a graph cannot contain itself: ${circle}`);
      } else if (Object.hasOwn(graphs, name)) visit(name, through);
    }
    done.add(graph);
  };
  for (const graph of Object.keys(graphs)) visit(graph, []);
}
