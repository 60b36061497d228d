import type { MessagesGraphBuilder } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { sharedProfile } from "../models/shared-profile.js";
import { GraphChatModel } from "./chat-model.js";

/**
 * Makes the chat model of a middleware: a call of it is a part of the agent's step and writes its ledger to the agent's state.
 *
 * @param graph a pattern
 * @param name name of the middleware, for traces and errors
 */
export function withinStep(graph: MessagesGraphBuilder, name: string): GraphChatModel {
  const { subgraph, kind } = resolve(graph, name);
  return new GraphChatModel({
    ...{ subgraph, kind, name, context: undefined, stream: "committed", cache: undefined, owner: name, within: true },
    profile: sharedProfile(subgraph!),
  });
}
