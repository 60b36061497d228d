import { type FileHandle, open } from "node:fs/promises";
import { ConfigError } from "../../errors/index.js";

/** Maximum size of a file in bytes: holds a thousand models with prompts, and even the worst file of that size parses in seconds. */
export const maxBytes = 256 * 1024;

/**
 * Reads a configuration file.
 *
 * @throws {ConfigError} when it is missing, unreadable, too long, or not UTF-8
 */
export async function readText(file: string): Promise<string> {
  const refuse = (message: string) => new ConfigError(file, [{ path: "", line: 1, message }]);
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    throw refuse(error.code === "ENOENT" ? "there is no such file" : `it cannot be read (${error.code})`);
  });
  try {
    const bytes = await readBytes(handle, maxBytes + 1);
    if (bytes.length > maxBytes) throw refuse(tooLong);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (ConfigError.isInstance(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EISDIR") throw refuse("is a folder; name the file in it");
    throw refuse(code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "is not UTF-8 text" : `it cannot be read (${code})`);
  } finally {
    await handle.close();
  }
}

/** Reads at most that many bytes; a pipe delivers them in parts. */
async function readBytes(handle: FileHandle, most: number): Promise<Buffer> {
  const buffer = Buffer.alloc(most);
  let length = 0;
  while (length < most) {
    const { bytesRead } = await handle.read(buffer, length, most - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

export const tooLong = "is longer than 256 KiB; this is for models and graphs, keep long texts elsewhere";
