import { z } from "zod";
import { withSystem } from "../../calls/answer.js";
import { decide, soonerAround } from "../../calls/scope.js";
import { readStructured } from "../../calls/structured.js";
import { askFrom, type StrategyTurn } from "../../calls/turn.js";
import { strategyInTime } from "../../calls/within-deadline.js";
import { invalidReturn } from "../../errors/refuse-factory.js";
import type { Model, ModelEntry } from "../../models/model.js";
import { resolve } from "../../models/resolve.js";
import { answerText } from "../../text/answer-text.js";
import { checkConcurrency } from "../ensemble/lane.js";
import { nodeAt, type OrchestrationNode } from "../node.js";
import { readItems, tidyItems } from "./read-items.js";
import { reduceName, workerName } from "./worker.js";

/** Function that returns the items to work on. */
export type PlanWork<Own = object> = (turn: StrategyTurn<Own>) => readonly string[] | Promise<readonly string[]>;

export interface PlanNodeOptions {
  readonly plan: Model | ModelEntry | PlanWork;
  readonly maxItems: number;
  /** Name of the option, for error messages. */
  readonly option: string;
}

export function planNode({ plan, maxItems, option }: PlanNodeOptions): OrchestrationNode {
  const itemsOf = typeof plan === "function" ? checked(plan, option) : planWith(plan, maxItems, option);
  return nodeAt("plan", async ({ messages }, scope) => {
    checkConcurrency(scope.config);
    const ask = askFrom(scope, "router", { sooner: soonerAround(scope) });
    const made = await strategyInTime(scope, (config) => itemsOf({ messages, ask, state: scope.state, config }));
    const isStandIn = scope.rehearsal !== undefined && typeof plan !== "function"; // how many parts a model plans is unknown
    const planned = isStandIn ? Array.from({ length: maxItems }, (_, index) => `part ${index + 1}`) : made;
    const items = planned.slice(0, maxItems);
    const rest = planned.length - items.length;
    if (rest > 0) {
      const reason = `left out: the last ${rest} of ${planned.length} items (maxItems ${maxItems})`;
      decide(scope, { kind: "skip", chosen: workerName, reason });
    }
    const [chosen, reason] =
      items.length > 0
        ? [workerName, `items to work on: ${items.length}`]
        : [reduceName, `the plan has no item; ${reduceName} answers by itself`];
    decide(scope, { kind: "route", chosen, reason });
    return { items };
  });
}

const schema = {
  name: "plan",
  description: "The parts of the work, in order",
  schema: z.object({ items: z.array(z.string()) }),
};

function planWith(model: Model | ModelEntry, maxItems: number, option: string): PlanWork {
  resolve(model, option);
  const instruction =
    "Split the work that the last message asks for into parts that can be done at the same time, independently of one " +
    `another: as few as will do, ${maxItems} at most. Whoever does a part sees nothing but its line, neither this ` +
    "conversation nor the other parts, so each line must say all that is needed. Do not do the work yourself. " +
    "Reply with one part a line, in the order of the result, and nothing else.";
  return async ({ messages, ask }) => {
    const answer = await ask(withSystem(messages, [instruction]), { model, schema });
    const items = readStructured(answer, schema)?.items;
    if (items !== undefined) return tidyItems(items);
    const said: unknown = answer.tool_calls?.find(({ name }) => name === schema.name)?.args.items;
    return readItems(typeof said === "string" ? said : answerText(answer));
  };
}

function checked(plan: PlanWork, option: string): PlanWork {
  return async (turn) => {
    const items: unknown = await plan(turn);
    if (Array.isArray(items) && items.every((item): item is string => typeof item === "string")) {
      return items.filter((item) => item.trim() !== "");
    }
    throw invalidReturn(option, items, "it must return the items as an array of texts");
  };
}
