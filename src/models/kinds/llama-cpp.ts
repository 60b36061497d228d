import type { ClientKind } from "../client-kind.js";
import { portableHistory } from "../history-rules.js";

export const llamaCpp = {
  ...{ provider: "llama.cpp", catalogue: undefined, keyVariable: undefined, hosting: "here" },
  parameters: {},
  ...{ inBody: {}, bodyField: undefined, options: {} },
  ...{ thinkingIsBoolean: false, ignoresCallOptions: false },
  ...{ namesFinishReason: false, takesResponseFormat: false, hasOpenaiOptions: true, plainMessages: false },
  form: () => undefined,
  history: () => portableHistory,
  patch: (client) => client,
  package: "@langchain/community",
  className: "ChatLlamaCpp",
  connectionFields: [],
  providers: {},
} as const satisfies ClientKind;
