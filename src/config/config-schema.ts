import { z } from "zod";
import { ConfigFile } from "./config-file.js";
import { mapValues } from "./map-values.js";
import type { Path } from "./text/read-document.js";

/** Returns the text of `models.schema.json`, with which editors check files in this library's own format. */
export function configSchemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(ConfigFile, { override: withVariables });
  const title = "Models and graphs of langgraph-multimodel";
  const properties = mapValues(schema.properties as Record<string, Schema>, orEmpty);
  return `${JSON.stringify(
    Object.assign({ $schema, title }, schema, {
      properties,
      patternProperties: {
        "^x-": { description: "Parts that other sections refer to: x-common: &common, then <<: *common" },
      },
    }),
  )}\n`;
}

type Schema = z.core.JSONSchema.BaseSchema;

/** Allows an empty section, except `models`. */
function orEmpty({ description, ...section }: Schema, name: string): Schema {
  return {
    ...(description && { description }),
    ...(name === "models" ? section : { anyOf: [section, { type: "null" }] }),
  };
}

/** Allows a variable in place of a number, a boolean, or a text of a fixed form. */
function withVariables({ jsonSchema, path }: { readonly jsonSchema: Schema; readonly path: Path }): void {
  const { description, id, default: _, ...plain } = jsonSchema;
  const isForm = plain.enum !== undefined || (plain.pattern !== undefined && path.at(-1) !== "propertyNames");
  if (!["number", "integer", "boolean"].includes(String(plain.type)) && !isForm) return;
  for (const key of Object.keys(plain)) delete jsonSchema[key];
  jsonSchema.anyOf = [plain, { type: "string", pattern: "\\$\\{.+\\}" }];
}
