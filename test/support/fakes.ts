import { AIMessage } from "@langchain/core/messages";
import { type FakeBuiltModel, fakeModel } from "@langchain/core/testing";
import type { PatternGraph } from "../../src/index.js";

/** A fake that says one answer after the other; an `Error` is thrown in its turn. */
export function saying(...answers: readonly (string | AIMessage | Error)[]): FakeBuiltModel {
  return answers.reduce<FakeBuiltModel>(
    (model, answer) => model.respond(typeof answer === "string" ? new AIMessage(answer) : answer),
    fakeModel(),
  );
}

/** An error as an HTTP client throws it. */
export function httpError(status: number, message = `HTTP ${status}`, fields: object = {}): Error {
  return Object.assign(new Error(message), { status, ...fields });
}

/** Any pattern, whatever its nodes are called. */
interface Drawable {
  compile(): unknown;
}

/** The edges of a graph, readable in a diff. */
export function shapeOf(pattern: Drawable): string[] {
  const compiled = pattern.compile() as ReturnType<PatternGraph["compile"]>;
  return compiled
    .getGraph()
    .edges.map(({ source, target, conditional }) => `${source} ${conditional ? "⇢" : "→"} ${target}`)
    .sort();
}
