// A provider that fails as each question says: it cuts, hangs, resets, or sends an error in the middle of a stream.
import { failWith, startLoopbackServer } from "langgraph-multimodel/testing";
import type { Fault, ServerReady } from "./server-protocol.js";

const replies = {
  server: failWith.server(),
  reset: failWith.reset(),
  cut: failWith.cut({ afterChunks: 2 }),
  errorEvent: failWith.errorEvent({ afterChunks: 2 }),
  hang: failWith.hang({ afterChunks: 2 }),
} satisfies Record<Fault, object>;

const server = await startLoopbackServer({ reply: ({ messages }) => replies[messages[0]!.text as Fault] });
process.send?.({ url: server.openaiUrl } satisfies ServerReady);
process.on("disconnect", () => process.exit());
