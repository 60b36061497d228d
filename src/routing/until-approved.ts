import { AIMessage } from "@langchain/core/messages";
import { z } from "zod";
import { readStructured } from "../calls/structured.js";
import { InvalidOptionError } from "../errors/index.js";
import { answerText } from "../text/answer-text.js";
import { readApproval } from "../text/judgements/read-approval.js";
import type { NextStage, StageTurn } from "./next-stage.js";

const schema = {
  name: "review",
  description: "The outcome of the review",
  schema: z.object({
    approved: z.boolean().describe("True only if nothing has to change"),
    feedback: z.string().nullish().describe("What has to change, in full; empty if nothing has"),
  }),
};

const instruction =
  "Say whether you approve of the work. In text, begin with one line: `Approved`, or `Not approved` if anything has to change; " +
  "then say what.";

/**
 * Makes a stage a reviewer: the run goes back to `stage` until the review approves, then to the stage that follows.
 *
 * **When to use** - as the `next` of a stage that reviews the work of another one.
 * **Gotchas** - `readApproval` reads a review in text, where the client lacks structured output; an unreadable one does not approve.
 * After `maxVisits` of `stage` the run continues without approval: `verdict.pass` of the state is false, and `verdict.feedback`
 * holds the last review. If the reviewer is the last stage, the pipeline returns the work of `stage`, approved or not: read `verdict`.
 *
 * @param stage the stage that repeats its work; it stands before the reviewer
 * @example
 * ```ts
 * const graph = createPipeline({
 *   stages: { code, review: { model: large, systemPrompt: "Review the code.", next: untilApproved("code") } },
 * }).compile();
 * const { messages, verdict } = await graph.invoke({ messages: "A function that adds two numbers" });
 * ```
 * @throws {InvalidOptionError} when `stage` is not a name; from `createPipeline`, when it is not a stage before the reviewer
 */
export function untilApproved<Name extends string>(stage: Name): NextStage<Name> {
  if (typeof stage !== "string" || stage === "") {
    throw new InvalidOptionError("untilApproved", stage, "name the stage that does the work over");
  }
  function untilApproved({ answer }: StageTurn) {
    const { approved, feedback, structured } = readReview(answer);
    const outcome = approved === true ? "Approved." : "Not approved.";
    return {
      name: approved === true ? undefined : stage,
      verdict: {
        pass: approved === true,
        ...(feedback === "" ? {} : { feedback }),
        ...(structured ? { answer: withText(answer, feedback === "" ? outcome : `${outcome} ${feedback}`) } : {}),
      },
      reason: approved === undefined ? "the review says neither yes nor no" : outcome.toLowerCase().slice(0, -1),
    };
  }
  return Object.assign(untilApproved, { instruction, schema, targets: [stage], backward: true as const });
}

interface Review {
  readonly approved: boolean | undefined;
  readonly feedback: string;
  /** True if the review came in a form that is not for readers. */
  readonly structured: boolean;
}

function readReview(answer: AIMessage): Review {
  const text = answerText(answer).trim();
  const called = answer.tool_calls?.find((call) => call.name === schema.name)?.args;
  const form = called !== undefined || /^(?:\{[\s\S]*\}|```[\s\S]*```)$/.test(text); // JSON quoted within a text is not the review
  const review = form ? readStructured(answer, schema) : undefined;
  if (review === undefined && called === undefined) {
    return { approved: readApproval(text), feedback: text, structured: false };
  }
  const approved = review?.approved ?? readBoolean(called?.approved) ?? readApproval(text);
  const said = called === undefined ? "" : text;
  return { approved, feedback: String(called?.feedback ?? review?.feedback ?? "").trim() || said, structured: true };
}

/** Reads a boolean that a small model wrote as a word. */
function readBoolean(value: unknown): boolean | undefined {
  const word = String(value).trim();
  return /^(?:true|yes|approved)$/i.test(word) || (/^(?:false|no)$/i.test(word) ? false : undefined);
}

function withText({ id, name, response_metadata, usage_metadata }: AIMessage, content: string): AIMessage {
  return new AIMessage({
    content,
    response_metadata,
    ...(id && { id }),
    ...(name && { name }),
    ...(usage_metadata && { usage_metadata }),
  });
}
