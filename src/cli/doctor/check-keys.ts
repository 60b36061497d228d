import { clientsOf } from "../../config/models/model-clients.js";
import { providerOf } from "../../config/models/provider-of.js";
import type { Spec } from "../../config/read-spec.js";
import { noKey } from "../../config/secrets.js";
import { type Finding, usersOf } from "./finding.js";

/** Lists the variables that hold keys, without the keys. Missing keys are problems of the file already. */
export function checkKeys({ spec: { models }, keys }: Pick<Spec, "spec" | "keys">): Finding[] {
  const servers = Object.entries(keys.mcpServers).map(
    ([name, variables]) => [`MCP server ${name}`, variables] as const,
  );
  const used = [...Object.entries(keys.models), ...servers].flatMap(([user, variables]) =>
    variables.filter(({ isSet }) => isSet).map(({ name }) => [name, user] as const),
  );
  const clients = Object.entries(models).flatMap(([name, model]) => clientsOf(name, model));
  const literal = clients.filter(({ label, spec }) => {
    const { apiKey } = spec;
    return apiKey !== undefined && apiKey !== noKey && keys.models[label]!.length === 0 && takesKey(spec);
  });
  return [
    ...[...usersOf(used)].map(([what, by]): Finding => ({ state: "ok", what, found: `set, for ${by.join(", ")}` })),
    ...literal.map(({ label }): Finding => {
      const found = "is written in the file, where any reader of the file sees it";
      return {
        state: "note",
        what: `key of ${label}`,
        found,
        remedy: `write apiKey: \${A_VARIABLE}, and set the variable`,
      };
    }),
  ];
}

const takesKey = (model: Spec["spec"]["models"][string]) => providerOf(model).connectionFields.includes("apiKey");
