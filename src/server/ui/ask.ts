import { randomUUID } from "node:crypto";
import { AIMessage } from "@langchain/core/messages";
import { type Steppable, step } from "../../notebook/step.js";
import { answerText } from "../../text/answer-text.js";
import type { Served } from "../catalogue.js";
import { openDeadline } from "../deadline.js";
import { replyTo } from "../reply-to.js";
import type { Endpoint } from "../request/answer-request.js";
import { isServerFailure } from "../request-error.js";
import type { RecentRuns } from "../watch/recent-runs.js";
import type { Watch } from "../watch/watch.js";

/** Start of the ids of runs that the page began. */
const pageRun = "page-";

/** Returns true for a run of the page, which is followed step by step. */
export function isPageRun({ id }: { readonly id: string }): boolean {
  return id.startsWith(pageRun);
}

interface Asking extends Pick<Endpoint, "timeout" | "report"> {
  readonly served: Served;
  readonly question: string;
  readonly caller: string;
  readonly runs: RecentRuns;
  readonly watch: NonNullable<Watch>;
  /** Fires when the server stops. */
  readonly stop: AbortSignal;
}

/** Starts a run step by step and returns its id at once; the events of the page say how it goes. */
export function ask(asking: Asking): string {
  const { served, question, caller, watch } = asking;
  const open = watch({ id: `${pageRun}${randomUUID()}`, model: served.name, caller, question });
  void follow(asking, open);
  return open.run.id;
}

async function follow(
  { served, question, runs, timeout, report, stop }: Asking,
  { run, within, end }: ReturnType<NonNullable<Watch>>,
): Promise<void> {
  const deadline = openDeadline(stop, timeout);
  deadline.begin();
  const { signal } = deadline;
  let answer = "";
  let modelUsed: string | undefined;
  let confidence: number | null | undefined;
  const steps = async () => {
    for await (const done of step(served.graph as Steppable, { messages: question }, { signal })) {
      answer = answerIn(done.update.messages) ?? answer;
      modelUsed = done.update.modelUsed ?? modelUsed;
      if (!done.node.includes(":") && done.update.confidence !== undefined) confidence = done.update.confidence;
      runs.stepped(run, done);
    }
  };
  try {
    await deadline.within(within(steps));
    end({ answer, modelUsed, confidence });
  } catch (error) {
    const failure = replyTo(signal.aborted ? signal.reason : error);
    if (isServerFailure(failure)) report(error, { id: run.id, model: served.name });
    end({ failure });
  } finally {
    deadline.end();
  }
}

/** Returns the text of the last answer among the messages that a node wrote. */
function answerIn(messages: unknown): string | undefined {
  const written = Array.isArray(messages) ? messages : [messages];
  const last = written.findLast((message) => AIMessage.isInstance(message));
  return last && answerText(last);
}
