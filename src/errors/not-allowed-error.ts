import { ModelCallError } from "./call-errors.js";
import { namespace } from "./orchestration-error.js";

/** A run is sensitive, and no model that `privacy` allows could answer it. Nothing was sent to the others. */
export class NotAllowedError extends namespace.brand(ModelCallError, "not-allowed") {
  override readonly name = "NotAllowedError";
  constructor({
    path,
    reason,
    cause = new Error(reason),
  }: {
    readonly path: string;
    readonly reason: string;
    /** Error of the run that had no answer because of the rule. */
    readonly cause?: unknown;
  }) {
    super({
      ...{ path, reason, cause, class: "not_allowed", movesOn: true },
      hint: "add a model that `allow` of keepLocal accepts, as `fallback` for example, or a `defaultResponse`",
    });
  }
}
