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
  const literal = Object.keys(models).filter((name) => {
    const { apiKey } = models[name]!;
    return apiKey !== undefined && apiKey !== noKey && keys.models[name]!.length === 0 && takesKey(models[name]!);
  });
  return [
    ...[...usersOf(used)].map(([what, by]): Finding => ({ state: "ok", what, found: `set, for ${by.join(", ")}` })),
    ...literal.map((name): Finding => {
      const found = "is written in the file, where any reader of the file sees it";
      return {
        state: "note",
        what: `key of ${name}`,
        found,
        remedy: `write apiKey: \${A_VARIABLE}, and set the variable`,
      };
    }),
  ];
}

const takesKey = (model: Spec["spec"]["models"][string]) => providerOf(model).connectionFields.includes("apiKey");
