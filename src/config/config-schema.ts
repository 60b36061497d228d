import { z } from "zod";
import { ConfigFile } from "./config-file.js";

/** The JSON schema of our own format, for editors: the text of `models.schema.json`. */
export function configSchemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(ConfigFile, { override: withVariables });
  const title = "Models and graphs of langgraph-multimodel";
  return `${JSON.stringify({ $schema, title, ...schema }, undefined, 2)}\n`;
}

/** Where a number, true or false or one of some words is wanted, a variable may stand for it. */
function withVariables({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  const { description, id, default: _, ...plain } = jsonSchema;
  if (!["number", "integer", "boolean"].includes(String(plain.type)) && plain.enum === undefined) return;
  for (const key of Object.keys(plain)) delete jsonSchema[key];
  jsonSchema.anyOf = [plain, { type: "string", pattern: "^\\$\\{.+\\}$" }];
}
