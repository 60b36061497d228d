import { InvalidModelError } from "../errors/index.js";
import type { ModelCall } from "../state/ledger.js";
import { type AnswerOptions, forcesTool } from "./answer-options.js";
import type { ResolvedModel } from "./resolve.js";
import type { Site } from "./site.js";

/** What of a call says whether its answer may be that of the run. */
interface Asked {
  readonly role: ModelCall["role"];
  readonly hidden?: boolean;
  readonly returned?: boolean;
}

/** What the caller of the run asks of this answer; of one that it never gets (a judge's, a router's), nothing. */
export function answerOptions({ caller }: Site, { role, hidden = true, returned }: Asked): AnswerOptions | undefined {
  return (returned ?? (role === "answer" || !hidden)) ? caller?.options : undefined;
}

/** An agent answers with its own tools; where a call of the caller's is forced, it cannot. */
export function refuseTools(
  { subgraph }: ResolvedModel,
  { tools = [], ...wanted }: AnswerOptions = {},
  { path }: Site,
): void {
  if (tools.length === 0 || wanted.textWillDo === true || (subgraph !== undefined && !forcesTool(wanted))) return;
  const what = subgraph === undefined ? "a chain" : "an agent or foreign graph";
  throw new InvalidModelError(`${path} is ${what}, which cannot be given the tools its caller bound`);
}
