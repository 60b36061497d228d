import { factsOf } from "../../config/models/facts.js";
import { firstClient } from "../../config/models/model-clients.js";
import type { Spec } from "../../config/read-spec.js";
import { isUnpriced, priceHint } from "../model-facts.js";
import type { Finding } from "./finding.js";

/** Notes each fine-tuned model without a known price, whose runs would have an unknown cost. */
export function checkPrices({ models }: Spec["spec"]): Finding[] {
  return Object.entries(models).flatMap(([name, pool]): Finding[] => {
    const spec = firstClient(name, pool);
    const model = spec.model ?? spec.deployment ?? null;
    if (!isUnpriced({ model, price: spec.price ?? factsOf(spec, undefined).price ?? null })) return [];
    return [{ state: "note", what: `price of ${name}`, found: `${model} is fine-tuned`, remedy: priceHint }];
  });
}
