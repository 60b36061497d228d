import { MissingPackageError } from "../errors/index.js";

type Api = typeof import("@opentelemetry/api");

let loading: Promise<Api> | undefined;

/**
 * Loads the API of OpenTelemetry, once.
 *
 * @throws {MissingPackageError} when it is not installed
 */
export function loadApi(owner: string): Promise<Api> {
  loading ??= load(owner).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(owner: string): Promise<Api> {
  try {
    return await import("@opentelemetry/api"); // awaited inside the `try`, so that bundlers accept a missing optional package
  } catch (error) {
    const { code } = Object(error) as { readonly code?: unknown };
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    throw new MissingPackageError(owner, ["@opentelemetry/api"], error);
  }
}
