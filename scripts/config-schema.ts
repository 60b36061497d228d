// Writes models.schema.json, which editors read, and the tables of docs/config.md from the rows that check the files:
// npx tsx scripts/config-schema.ts
import { readFileSync, writeFileSync } from "node:fs";
import { configSchemaText } from "../src/config/config-schema.js";
import { withTables } from "./config-tables.js";

const page = new URL("../docs/config.md", import.meta.url);
writeFileSync(new URL("../models.schema.json", import.meta.url), configSchemaText());
writeFileSync(page, withTables(readFileSync(page, "utf8")));
