import { LangChainError, ns } from "@langchain/core/errors";
import { maskKeys } from "../secrets/redact.js";

/** The namespace of this library's error brands: `isInstance` works across copies of the package. */
export const namespace: ReturnType<typeof ns.sub> = ns.sub("multimodel");

/** Base of every error this library throws on purpose; `OrchestrationError.isInstance(error)` works across copies of the package. */
export class OrchestrationError extends namespace.brand(LangChainError, "orchestration") {
  override readonly name: string = "OrchestrationError";
  /** No message shows a key, whoever wrote it and whatever it quotes. */
  constructor(message = "") {
    super(maskKeys(message));
  }
}
