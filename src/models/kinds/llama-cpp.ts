import type { ClientKind } from "../client-kind.js";

export const llamaCpp = {
  ...{ provider: "llama.cpp", catalogue: undefined, keyVariable: undefined, hosting: "here" },
  parameters: {},
  ...{ inBody: {}, bodyField: undefined, options: {} },
  ...{ thinkingIsBoolean: false, ignoresCallOptions: false },
  ...{ namesFinishReason: false, takesResponseFormat: false, hasOpenaiOptions: true, plainMessages: false },
  form: () => undefined,
  patch: (client) => client,
  package: "@langchain/community",
  className: "ChatLlamaCpp",
  connectionFields: [],
  providers: {},
} as const satisfies ClientKind;
