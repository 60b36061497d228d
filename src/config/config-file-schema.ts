import type { z } from "zod";
import { ConfigFile as schema } from "./config-file.js";

/** What a file in this library's own format holds. */
export type ConfigFile = Record<string, unknown>;

/** Checks the fields of a file in this library's own format, but not the references in it, which `parseConfig` also follows. */
export const ConfigFile: z.ZodType<ConfigFile> = schema;
