import type { GraphSpec } from "./graph-spec.js";
import type { AggregateSpec, ContextSpec, RouteSpec, VerifySpec } from "./strategy-spec.js";
import type { Path } from "./text/read-document.js";

/** A name in a graph's spec, and where it stands there. */
export interface Reference {
  readonly name: string;
  readonly path: Path;
}

/** The models and graphs a graph is made of. */
export function referencesOf(spec: GraphSpec): Reference[] {
  const at = (name: string | undefined, ...path: Path): Reference[] => (name === undefined ? [] : [{ name, path }]);
  const verify = "verify" in spec && spec.verify !== undefined ? inVerify(spec.verify, ["verify"]) : [];
  const context = "context" in spec ? inContext(spec.context, ["context"]) : [];
  const spare = "fallback" in spec ? at(spec.fallback, "fallback") : [];
  const own = (): Reference[] => {
    switch (spec.pattern) {
      case "router":
        return [...inModels(spec.models), ...inRoute(spec.route, ["route"])];
      case "ensemble":
        return [...inModels(spec.models), ...inAggregate(spec.aggregate, ["aggregate"])];
      case "cascade":
      case "fallback":
      case "experiment":
        return inModels(spec.models);
      case "qualityGate":
        return at(spec.model, "model");
      case "mapReduce":
        return [...at(spec.plan, "plan"), ...at(spec.worker, "worker"), ...at(spec.reduce, "reduce")];
      case "pipeline":
        return Object.entries(spec.stages).flatMap(([name, stage]) =>
          typeof stage === "string"
            ? at(stage, "stages", name)
            : [...at(stage.model, "stages", name, "model"), ...inContext(stage.context, ["stages", name, "context"])],
        );
    }
  };
  return [...own(), ...verify, ...spare, ...context];
}

/** The models graphs are made of, those of the graphs within them included. */
export function modelsOf(name: string, graphs: Readonly<Record<string, GraphSpec>>): string[] {
  const reached = new Set([name]);
  for (const each of reached) {
    if (Object.hasOwn(graphs, each)) for (const { name: part } of referencesOf(graphs[each]!)) reached.add(part);
  }
  return [...reached].filter((each) => !Object.hasOwn(graphs, each));
}

/** The nodes a route may name. */
export function targetsOf(route: RouteSpec, path: Path): Reference[] {
  const values = (record: object, key: string) =>
    Object.entries(record).map(([name, node]) => ({ name: String(node), path: [...path, key, name] }));
  const keys = (record: object, key: string) =>
    Object.keys(record).map((name) => ({ name, path: [...path, key, name] }));
  if (typeof route === "string") return [];
  if ("firstOf" in route) return route.firstOf.flatMap((each, index) => targetsOf(each, [...path, "firstOf", index]));
  if ("always" in route) return [{ name: route.always, path: [...path, "always"] }];
  if ("classify" in route) {
    if (route.labels !== undefined) return values(route.labels, "labels");
    return (route.examples ?? []).map(({ label }, index) => ({
      name: label,
      path: [...path, "examples", index, "label"],
    }));
  }
  if ("keywords" in route) return keys(route.keywords, "keywords");
  if ("complexity" in route) return values(route.complexity, "complexity");
  if ("quality" in route) return keys(route.quality, "quality");
  if ("weights" in route) return keys(route.weights, "weights");
  if ("tokens" in route)
    return [...values(route.tokens, "tokens"), { name: route.otherwise, path: [...path, "otherwise"] }];
  if ("table" in route) {
    const cells = Object.entries(route.table).flatMap(([task, row]) =>
      Object.entries(row).map(([column, name]) => ({ name, path: [...path, "table", task, column] })),
    );
    return route.default === undefined ? cells : [...cells, { name: route.default, path: [...path, "default"] }];
  }
  return "examples" in route ? keys(route.examples, "examples") : [];
}

/** Columns of the tables of a route. */
export function columnsOf(route: RouteSpec, path: Path): Reference[] {
  if (typeof route === "string") return [];
  if ("firstOf" in route) return route.firstOf.flatMap((each, index) => columnsOf(each, [...path, "firstOf", index]));
  if (!("table" in route)) return [];
  return Object.entries(route.table).flatMap(([task, row]) =>
    Object.keys(row).map((name) => ({ name, path: [...path, "table", task, name] })),
  );
}

function inModels(models: readonly string[] | Readonly<Record<string, string>>): Reference[] {
  const keyed: [string | number, string][] = Array.isArray(models) ? [...models.entries()] : Object.entries(models);
  return keyed.map(([key, name]) => ({ name, path: ["models", key] }));
}

function inRoute(route: RouteSpec, path: Path): Reference[] {
  if (typeof route === "string") return [];
  if ("firstOf" in route) return route.firstOf.flatMap((each, index) => inRoute(each, [...path, "firstOf", index]));
  if ("classify" in route) return [{ name: route.classify, path: [...path, "classify"] }];
  if ("complexity" in route && route.detect !== undefined) return [{ name: route.detect, path: [...path, "detect"] }];
  return [];
}

function inVerify(verify: VerifySpec, path: Path): Reference[] {
  if (typeof verify === "string") return [];
  if ("judge" in verify) return [{ name: verify.judge, path: [...path, "judge"] }];
  if ("allOf" in verify) return verify.allOf.flatMap((each, index) => inVerify(each, [...path, "allOf", index]));
  return "anyOf" in verify ? verify.anyOf.flatMap((each, index) => inVerify(each, [...path, "anyOf", index])) : [];
}

function inAggregate(aggregate: AggregateSpec, path: Path): Reference[] {
  if (typeof aggregate === "string") return [];
  if ("bestOf" in aggregate) return [{ name: aggregate.bestOf, path: [...path, "bestOf"] }];
  return "synthesize" in aggregate ? [{ name: aggregate.synthesize, path: [...path, "synthesize"] }] : [];
}

function inContext(context: ContextSpec | undefined, path: Path): Reference[] {
  if (context === undefined || typeof context === "string") return [];
  if ("summarize" in context) return [{ name: context.summarize, path: [...path, "summarize"] }];
  return "extract" in context ? [{ name: context.extract, path: [...path, "extract"] }] : [];
}
