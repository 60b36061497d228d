import { describe, expect, it } from "vitest";
import { loadClient } from "../../src/config/models/build-model.js";
import { providers } from "../../src/config/models/providers.js";
import type { ClientKind } from "../../src/models/client-kind.js";
import { clientKinds, kindNamed, kindOf, type ProviderName } from "../../src/models/client-kinds.js";

const rows = Object.entries<ClientKind>(clientKinds).flatMap(([type, kind]) =>
  Object.keys(kind.providers).map((provider) => [provider as ProviderName, type, kind] as const),
);
const installed = rows.filter(([provider]) => provider !== "google-vertexai");

describe("clientKinds", () => {
  it("names each provider once", () => {
    const names = rows.flatMap(([provider, , kind]) => [provider, ...kind.providers[provider]!.otherNames]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(Object.keys(providers).sort()).toEqual(rows.map(([provider]) => provider).sort());
  });

  it.each(installed)("recognises the client it makes for %s", async (provider, type, kind) => {
    const { fields } = providers[provider];
    const Client = await loadClient("it", providers[provider]);
    const spec = { model: "m", apiKey: "key-1", baseUrl: "http://127.0.0.1:1/v1" };
    const client = new Client(fields(spec, {}));
    expect(Client.name).toBe(providers[provider].className);
    expect(client._llmType()).toBe(type);
    expect(kindOf(client as object)).toBe(kind);
  });

  it("finds a kind by its type and by the name of its maker in traces", () => {
    for (const name of ["azure_openai", "azure"]) expect(kindNamed(name)).toBe(clientKinds.azure_openai);
    expect(kindNamed("ollama")).toBe(clientKinds.ollama);
    expect(kindNamed("toString")).toBeUndefined();
    expect(kindNamed(undefined)).toBeUndefined();
  });
});
