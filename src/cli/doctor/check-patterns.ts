import type { ConfigFile } from "../../config/config-file.js";
import { impliedGraphs } from "../../config/implied-graphs.js";
import { clientsOf } from "../../config/models/model-clients.js";
import { type GraphSpec, modelsOf, nodesOf } from "../../config/rows/graph.js";
import type { Finding } from "./finding.js";

/** Notes graphs that pay for several models without what makes several better than one. */
export function checkPatterns(spec: ConfigFile): Finding[] {
  const graphs = { ...impliedGraphs(spec), ...spec.graphs };
  return Object.entries(graphs).flatMap(([name, graph]) => {
    const remarks = [...remarksOn(graph), ...sameProvider(name, graphs, spec)];
    return remarks.map(([found, remedy]): Finding => ({ state: "note", what: `graph ${name}`, found, remedy }));
  });
}

type Remark = readonly [found: string, remedy: string];

function remarksOn(graph: GraphSpec): Remark[] {
  const remarks: Remark[] = [];
  const nodes = nodesOf(graph);
  if (graph.pattern === "ensemble") {
    const { aggregate } = graph;
    if (aggregate === "longest" || aggregate === "firstAnswer")
      remarks.push([
        `is an ensemble without a vote: ${aggregate} does not compare answers`,
        "write aggregate: majorityVote, { bestOf: model } or { synthesize: model }",
      ]);
    else if (nodes.length === 2 && (aggregate === "majorityVote" || Object.hasOwn(Object(aggregate), "majorityVote")))
      remarks.push(["is a vote of two, which cannot have a majority when they differ", "add a third model"]);
  }
  if (graph.pattern === "cascade" && Object.hasOwn(Object(graph.verify), "schema"))
    remarks.push([
      "is a cascade without a score: every answer of the right form passes",
      "write verify: { allOf: [{ schema: … }, { judge: model }] }, or selfReported",
    ]);
  if ("verify" in graph && Object.hasOwn(Object(graph.verify), "judge")) {
    const { judge } = graph.verify as { readonly judge: string };
    const judged = graph.pattern === "qualityGate" ? [graph.model] : nodes;
    if (judged.includes(judge) && judged.indexOf(judge) < Math.max(1, judged.length - 1))
      remarks.push([`lets ${judge} judge its own answers`, "write another model as judge"]);
  }
  if (nodes.length === 1 && ["cascade", "fallback", "ensemble"].includes(graph.pattern))
    remarks.push([`has a single model, ${nodes[0]}`, "add another model"]);
  if (["router", "experiment", "qualityGate"].includes(graph.pattern) && !("fallback" in graph))
    remarks.push(["has no fallback: an outage of the chosen model is the end of the run", "write fallback: model"]);
  return remarks;
}

/** An outage or a spent quota of a provider takes all of its models. */
function sameProvider(name: string, graphs: Readonly<Record<string, GraphSpec>>, { models }: ConfigFile): Remark[] {
  const reached = modelsOf(name, graphs).filter((each) => Object.hasOwn(models, each));
  const clients = reached.flatMap((each) => clientsOf(each, models[each]!));
  const places = new Set(clients.map(({ spec }) => `${spec.provider} ${spec.baseUrl ?? ""}`));
  if (reached.length < 2 || places.size > 1) return [];
  const { provider } = models[reached[0]!]!;
  return [[`has models of one provider only, ${provider}, whose outage takes all`, "add a model of another provider"]];
}
