import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { checkBreaker } from "../resilience/breaker-options.js";
import { checkBudget } from "../resilience/budget.js";
import { checkCache } from "../resilience/cache.js";
import { checkCoolDown } from "../resilience/cooldown.js";
import { checkHedge } from "../resilience/hedge.js";
import { checkLimit } from "../resilience/limit-options.js";
import { checkRetry } from "../resilience/retry.js";
import { checkParameters } from "../state/check-context.js";
import type { ModelEntry } from "./model.js";

/** Throws on invalid values and unknown keys in the nested objects of an entry. */
export function checkParts(entry: ModelEntry, option: string): void {
  const { retry, coolDown, breaker, hedge, cache, limit, price, budget } = entry;
  checkTaskParameters(entry, `${option}.taskParameters`);
  checkRetry(retry, `${option}.retry`);
  if (retry !== undefined && retry !== false) checkKeys(retry, `${option}.retry`, ["maxRetries", "backoff"]);
  checkCoolDown(coolDown, `${option}.coolDown`);
  if (coolDown !== undefined) checkKeys(coolDown, `${option}.coolDown`, ["maxMs"]);
  checkBreaker(breaker, `${option}.breaker`);
  checkHedge(hedge, `${option}.hedge`);
  checkCache(cache, `${option}.cache`);
  checkBudget(budget, `${option}.budget`);
  checkLimit(limit, `${option}.limit`);
  if (price === undefined || price === null) return;
  checkPrice(price, `${option}.price`, "longInput");
  if (price.longInput !== undefined && !Array.isArray(price.longInput)) {
    throw new InvalidOptionError(
      `${option}.price.longInput`,
      price.longInput,
      "give an array of { above, input, output }",
    );
  }
  for (const [index, part] of (price.longInput ?? []).entries()) {
    checkPrice(part, `${option}.price.longInput[${index}]`, "above");
  }
}

function checkTaskParameters({ taskParameters }: ModelEntry, option: string): void {
  if (taskParameters === undefined) return;
  if (typeof taskParameters !== "object" || taskParameters === null || Array.isArray(taskParameters)) {
    throw new InvalidOptionError(option, taskParameters, "give parameters by task: { summary: { temperature: 0.2 } }");
  }
  for (const [task, parameters] of Object.entries(taskParameters)) checkParameters(parameters, `${option}.${task}`);
}

const priceKeys = ["input", "output", "cacheRead", "cacheWrite", "audioInput", "audioOutput"];

function checkPrice(price: object, option: string, more: "longInput" | "above"): void {
  const prices: Record<string, unknown> = { ...price };
  checkKeys(prices, option, [...priceKeys, more]);
  for (const [part, value] of Object.entries(prices)) {
    if (part !== "longInput" && value !== undefined && !(typeof value === "number" && value >= 0)) {
      const expected = part === "above" ? "give tokens, at least 0" : "give USD per million tokens, at least 0";
      throw new InvalidOptionError(`${option}.${part}`, value, expected);
    }
  }
  if (prices.input === undefined || prices.output === undefined) {
    throw new InvalidOptionError(option, price, "give { input, output } in USD per million tokens");
  }
}
