import type { AIMessage } from "@langchain/core/messages";
import { freeUnlessHosted, gatewayPrice } from "../ledger/local-price.js";
import type { Price } from "../ledger/model-call.js";
import { lookUpPrice } from "../ledger/price.js";
import { costOf, usageOf } from "../ledger/usage.js";
import type { ResolvedModel } from "../models/resolve.js";

/** Returns the price of the model that answered, which the response may name more exactly than the request. */
export function servedPrice(model: ResolvedModel, { response_metadata }: AIMessage): Price | null {
  const served: unknown = response_metadata?.model_name;
  if (typeof served !== "string") return model.price ?? null;
  if (model.price === undefined) return lookUpPrice(served, model.catalogue);
  return model.price === freeUnlessHosted ? gatewayPrice(served) : model.price;
}

/** Returns the cost of an answer in USD; `null` if its usage or its price is unknown. */
export function costOfAnswer(model: ResolvedModel, message: AIMessage | undefined): number | null {
  const usage = message && usageOf(message);
  return usage === undefined ? null : costOf(usage, servedPrice(model, message!));
}
