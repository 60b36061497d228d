// The graphs of `ours.ts` as a user would write them on LangGraph: no ledger, no decisions, no classes of errors.
import type { BaseMessage } from "@langchain/core/messages";
import { Annotation, END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import type { ChatOpenAI } from "@langchain/openai";

export function routerByHand(
  models: { chat: ChatOpenAI; code: ChatOpenAI },
  route: (messages: BaseMessage[]) => string,
) {
  const State = Annotation.Root({ ...MessagesAnnotation.spec, route: Annotation<string> });
  return new StateGraph(State)
    .addNode("router", (state) => ({ route: route(state.messages) }))
    .addNode("chat", async (state) => ({ messages: [await models.chat.invoke(state.messages)] }))
    .addNode("code", async (state) => ({ messages: [await models.code.invoke(state.messages)] }))
    .addEdge(START, "router")
    .addConditionalEdges("router", (state) => state.route, ["chat", "code"])
    .addEdge("chat", END)
    .addEdge("code", END)
    .compile();
}

export function fallbackByHand(models: { primary: ChatOpenAI; backup: ChatOpenAI }) {
  const State = Annotation.Root({ ...MessagesAnnotation.spec, failed: Annotation<boolean> });
  return new StateGraph(State)
    .addNode("primary", async (state, config) => {
      try {
        return { messages: [await models.primary.invoke(state.messages)], failed: false };
      } catch (error) {
        if (config.signal?.aborted) throw error;
        return { failed: true };
      }
    })
    .addNode("backup", async (state) => ({ messages: [await models.backup.invoke(state.messages)] }))
    .addEdge(START, "primary")
    .addConditionalEdges("primary", (state) => (state.failed ? "backup" : END), ["backup", END])
    .addEdge("backup", END)
    .compile();
}
