import { z } from "zod";
import { ConfigFile } from "./config-file.js";

/** The JSON schema of our own format, for editors: the text of `models.schema.json`. */
export function configSchemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(ConfigFile, { override: withVariables });
  const title = "Models and graphs of langgraph-multimodel";
  return `${JSON.stringify({ $schema, title, ...schema }, undefined, 2)}\n`;
}

/** Where a number or true or false is wanted, a variable may stand for it. */
function withVariables({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const { type, description, ...rest } = jsonSchema;
  if (type !== "number" && type !== "integer" && type !== "boolean") return;
  for (const key of Object.keys(rest)) delete jsonSchema[key];
  delete jsonSchema.type;
  jsonSchema.anyOf = [
    { type, ...rest },
    { type: "string", pattern: "^\\$\\{.+\\}$" },
  ];
}
