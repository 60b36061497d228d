import type { AIMessageChunk } from "@langchain/core/messages";
import { answerReader } from "../answer/answer-reader.js";
import { oneCallAtATime } from "../answer/one-call-at-a-time.js";
import type { Thought } from "../answer/thoughts.js";
import type { CallDelta } from "../answer/tool-call-places.js";
import { orchestrationOf } from "../orchestration.js";
import type { EventWriter, ReplyContext, ReplyHead } from "../protocol.js";
import type { OutputItem } from "./kept-items.js";
import { openCall, openReasoning, openText } from "./open-items.js";
import { messageItem, newItemId, refusalPart } from "./output-items.js";
import { endOf, responseObject, responseUsage } from "./response-reply.js";
import type { ResponsesRequest } from "./responses-request.js";

/** Writes a streamed answer as events of OpenAI's Responses API: one item after the other. */
export function responseEvents(
  head: ReplyHead,
  request: ResponsesRequest,
  context: ReplyContext,
  keep: (items: readonly OutputItem[]) => void,
): EventWriter {
  const reader = answerReader(context.form);
  const calls = oneCallAtATime();
  const output: OutputItem[] = [];
  let number = 0;
  let thinking: ReturnType<typeof openReasoning> | undefined;
  let writing: ReturnType<typeof openText> | undefined;
  let calling: ReturnType<typeof openCall> | undefined;
  const numbered = (events: readonly object[]) => events.map((event) => ({ ...event, sequence_number: number++ }));
  const close = (): object[] => {
    const open = thinking ?? writing ?? calling;
    if (open === undefined) return [];
    thinking = writing = calling = undefined;
    const { events, item } = open.close();
    output.push(item);
    return events;
  };
  const thought = (given: Thought): object[] => {
    const ended = thinking?.accepts(given) ? [] : close();
    thinking ??= openReasoning(output.length);
    return [...ended, ...thinking.add(given)];
  };
  const text = (said: string): object[] => {
    if (said === "") return [];
    const ended = writing === undefined ? close() : [];
    writing ??= openText(output.length);
    return [...ended, ...writing.add(said)];
  };
  const call = (delta: CallDelta): object[] => {
    const ended = calling?.place === delta.index ? [] : close();
    calling ??= openCall(output.length, delta);
    return [...ended, ...calling.add(delta.args)];
  };
  const refused = (refusal: string | null): object[] => {
    if (refusal === null) return [];
    const ended = close();
    const item = messageItem(newItemId("msg"), [refusalPart(refusal)]);
    const at = { item_id: item.id, output_index: output.length, content_index: 0 };
    output.push(item);
    return [
      ...ended,
      {
        type: "response.output_item.added",
        output_index: at.output_index,
        item: { ...item, content: [], status: "in_progress" },
      },
      { type: "response.content_part.added", ...at, part: refusalPart("") },
      { type: "response.refusal.delta", ...at, delta: refusal },
      { type: "response.refusal.done", ...at, refusal },
      { type: "response.content_part.done", ...at, part: refusalPart(refusal) },
      { type: "response.output_item.done", output_index: at.output_index, item },
    ];
  };
  return {
    begin() {
      const response = responseObject(head, request, { status: "in_progress" });
      return numbered([
        { type: "response.created", response },
        { type: "response.in_progress", response },
      ]);
    },
    next(part: AIMessageChunk) {
      const read = reader.next(part);
      const events = [...read.thoughts.flatMap(thought), ...text(read.text), ...calls.next(read.calls).flatMap(call)];
      return numbered(events);
    },
    end() {
      const { text: held, refusal, ending, last } = reader.end();
      const events = [...text(held), ...calls.end().flatMap(call), ...refused(refusal), ...close()];
      keep(output);
      const end = endOf(ending);
      const orchestration = last && orchestrationOf(last, context);
      const usage = responseUsage(last?.usage_metadata, orchestration ?? { costUsd: null });
      const response = responseObject(head, request, { ...end, output, usage, orchestration });
      return numbered([...events, { type: `response.${end.status}`, response }]);
    },
    fail({ body: { error } }) {
      const { message, code, param, type } = error;
      const failure = { code: code ?? type, message };
      const response = responseObject(head, request, { status: "failed", output, error: failure });
      return numbered([
        { type: "error", ...failure, param, error: { ...error, code: code ?? type } },
        { type: "response.failed", response },
      ]);
    },
  };
}
