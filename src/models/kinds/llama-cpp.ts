import type { ClientKind } from "../client-kind.js";
import { portableHistory } from "../history-rules.js";

export const llamaCpp = {
  ...{ provider: "llama.cpp", catalogue: undefined, keyVariable: undefined, hosting: "here" },
  parameters: {},
  ...{ inBody: {}, bodyField: undefined, options: {} },
  ...{ switchesThinking: false, ignoresCallOptions: false },
  ...{ finishes: false, takesResponseFormat: false, takesSwitches: true, plainMessages: false },
  form: () => undefined,
  history: () => portableHistory,
  tame: (client) => client,
  package: "@langchain/community",
  className: "ChatLlamaCpp",
  reach: [],
  providers: {},
} as const satisfies ClientKind;
