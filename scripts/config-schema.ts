// Writes models.schema.json, which editors read, from the schema that checks the files: npx tsx scripts/config-schema.ts
import { writeFileSync } from "node:fs";
import { configSchemaText } from "../src/config/config-schema.js";

writeFileSync(new URL("../models.schema.json", import.meta.url), configSchemaText());
