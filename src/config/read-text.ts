import { open } from "node:fs/promises";
import { ConfigError } from "../errors.js";

/** Bytes of the longest file that is read: room for a thousand models with prompts; the worst YAML of that length takes 2 s to parse. */
export const mostBytes = 256 * 1024;

/**
 * Reads a configuration file.
 *
 * @throws {ConfigError} when it is not there, no file, too long, or not a text
 */
export async function readText(file: string): Promise<string> {
  const refuse = (message: string) => new ConfigError(file, [{ path: "", line: 1, message }]);
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === "ENOENT" ? "there is no such file" : `it cannot be read (${error.code})`);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(mostBytes + 1));
    if (bytesRead > mostBytes) throw refuse(tooLong);
    return new TextDecoder("utf-8", { fatal: true }).decode(buffer.subarray(0, bytesRead));
  } catch (error) {
    if (ConfigError.isInstance(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EISDIR") throw refuse("is a folder; name the file in it");
    throw refuse(code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "is no text in UTF-8" : `it cannot be read (${code})`);
  } finally {
    await handle.close();
  }
}

export const tooLong = "is longer than 256 KiB; this is for models and graphs, keep long texts elsewhere";
