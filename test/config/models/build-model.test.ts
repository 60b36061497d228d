import { describe, expect, it } from "vitest";
import { loadClient } from "../../../src/config/models/build-model.js";
import type { Provider } from "../../../src/config/models/providers.js";
import { MissingPackageError } from "../../../src/errors/index.js";

/** A provider whose package fails as Node does. */
const failing = (message: string, code: string): Provider =>
  ({
    package: "@langchain/openai",
    load: async () => {
      throw Object.assign(new Error(message), { code });
    },
  }) as unknown as Provider;

describe("loadClient", () => {
  it.each([
    ["Cannot find package '@langchain/openai' imported from /app/main.js", "ERR_MODULE_NOT_FOUND"],
    ["Cannot find module '@langchain/openai'\nRequire stack:\n- /app/main.js", "MODULE_NOT_FOUND"],
  ])("names the package that is missing: %j", async (message, code) => {
    const error = await loadClient("fast", failing(message, code)).catch((thrown: unknown) => thrown);
    expect(MissingPackageError.isInstance(error) && error.packages).toEqual(["@langchain/openai"]);
  });

  it.each([
    [
      "Cannot find package 'openai' imported from /app/node_modules/@langchain/openai/dist/index.js",
      "ERR_MODULE_NOT_FOUND",
    ],
    ["Cannot find module 'openai'\nRequire stack:\n- /app/node_modules/@langchain/openai/index.js", "MODULE_NOT_FOUND"],
  ])("keeps the cause where the package is there and one of its own is not: %j", async (message, code) => {
    await expect(loadClient("fast", failing(message, code))).rejects.toThrow(message);
  });
});
