import { isAlias, isMap, isScalar, isSeq, type Node, parseDocument, Scalar, type YAMLMap } from "yaml";
import { withoutJsonComments } from "../../config/text/json-comments.js";
import { showPath } from "../../config/text/read-document.js";
import { UsageError } from "../exit-code.js";

type Path = readonly (string | number)[];

/** A threshold in the text of a file. */
export interface ThresholdPlace {
  /** As a path: `graphs.assistant.verify.threshold`. */
  readonly name: string;
  /** Value in the file; `undefined` where the default applies. */
  readonly value: number | undefined;
  /** Whether it decides which model is called first, so that a strict one does not call all that a loose one calls. */
  readonly isRoute: boolean;
  /** Values to try where they are no shares. */
  readonly thresholds?: readonly number[];
  /** Returns the text with another value; every other character stays. */
  withValue(value: number): string;
}

const words = ["selfReported", "logprobs", "agreement"] as const;

/**
 * Finds the thresholds of a graph: of `verify` and `route`, and of what they combine.
 *
 * @throws {UsageError} for one that cannot be chosen, since it is shared, read from a variable, or asks as often as it says
 */
export function thresholdPlaces(text: string, graph: string): ThresholdPlace[] {
  const document = parseDocument(withoutJsonComments(text), { uniqueKeys: false, logLevel: "error" });
  const base = ["graphs", graph];
  const spec = document.getIn(base, true);
  if (!isMap(spec)) return [];
  const models = spec.get("models", true);
  const answers = isMap(models) || isSeq(models) ? models.items.length : 2;
  return ["verify", "route"].flatMap((field) => places(spec.get(field, true), [...base, field]));

  function places(node: unknown, path: Path): ThresholdPlace[] {
    if (isAlias(node)) throw shared(path);
    if (isScalar(node)) return wordPlaces(node, path);
    if (!isMap(node)) return [];
    for (const combination of ["allOf", "anyOf", "firstOf"]) {
      const list = node.get(combination, true);
      if (isSeq(list)) return list.items.flatMap((each, at) => places(each, [...path, combination, at]));
    }
    if (node.has("consistency"))
      throw new UsageError(
        `${showPath(path)}: consistency asks as often as its threshold says, so that recordings of one threshold do not serve another; compare some thresholds with multimodel eval`,
      );
    const own = words.find((word) => node.has(word));
    if (own !== undefined) return [valuePlace(node, own, [...path, own])];
    if (node.has("judge") || node.has("examples")) return [thresholdOf(node, path)];
    return [];
  }

  /** The threshold of a strategy that is one word, which becomes an object with a value. */
  function wordPlaces(node: Scalar, path: Path): ThresholdPlace[] {
    const word = words.find((each) => each === node.value);
    if (word === undefined) return [];
    const isQuoted = node.type === Scalar.QUOTE_DOUBLE;
    const key = isQuoted ? `"${word}"` : word;
    return [place({ path: [...path, word], key: word, write: (value) => spliced(node, `{ ${key}: ${value} }`) })];
  }

  function thresholdOf(map: YAMLMap, path: Path): ThresholdPlace {
    const key = map.has("judge") ? "judge" : "examples";
    const full = [...path, "threshold"];
    if (map.has("threshold")) return valuePlace(map, "threshold", full, key);
    const before = map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)!.key as Scalar;
    const start = before.range![0];
    const column = start - (text.lastIndexOf("\n", start - 1) + 1);
    const name = before.type === Scalar.QUOTE_DOUBLE ? '"threshold"' : "threshold";
    const gap = map.flow === true ? ", " : `\n${" ".repeat(column)}`;
    const write = (value: number) => `${text.slice(0, start)}${name}: ${value}${gap}${text.slice(start)}`;
    return place({ path: full, key, map, write });
  }

  function valuePlace(map: YAMLMap, field: string, path: Path, key = field): ThresholdPlace {
    const node = map.get(field, true);
    if (isAlias(node)) throw shared(path);
    if (!isScalar(node) || typeof node.value !== "number")
      throw new UsageError(
        `${showPath(path)} is ${isScalar(node) ? String(node.value) : "no number"}: write a number there, which this command can replace`,
      );
    return place({ path, key, map, value: node.value, write: (value) => spliced(node, String(value)) });
  }

  function spliced(node: Node, replacement: string): string {
    const [start, end] = node.range!;
    return text.slice(0, start) + replacement + text.slice(end);
  }

  function place(given: {
    path: Path;
    key: string;
    map?: YAMLMap;
    value?: number;
    write: (value: number) => string;
  }): ThresholdPlace {
    const thresholds = valuesOf(given.key, given.map, answers);
    return {
      name: showPath(given.path),
      value: given.value,
      isRoute: given.key === "examples",
      ...(thresholds && { thresholds }),
      withValue: (value) => given.write(Number(value.toFixed(4))),
    };
  }
}

/** Returns the values of a judge's scale, or of numbers of equal answers; `undefined` for shares. */
function valuesOf(key: string, map: YAMLMap | undefined, answers: number): number[] | undefined {
  if (key === "agreement") return Array.from({ length: Math.max(1, answers - 1) }, (_, index) => index + 2);
  if (key !== "judge") return undefined;
  const scale = map?.get("scale", true);
  const [low = 1, high = 10] = isSeq(scale)
    ? scale.items.map((item) => Number(isScalar(item) ? item.value : item))
    : [];
  const steps = Number.isInteger(high - low) && high - low >= 4 && high - low <= 20 ? high - low : 20;
  return Array.from({ length: steps + 1 }, (_, step) => low + ((high - low) * step) / steps);
}

function shared(path: Path): UsageError {
  return new UsageError(`${showPath(path)} is an alias, whose value other parts share; write the value out`);
}
