import { statSync } from "node:fs";
import { InvalidOptionError } from "../../errors/index.js";
import type { Recording } from "../recording.js";
import { messagesOf } from "../runs/dataset.js";
import { lineAt, linesOf } from "./lines.js";
import type { RecordedCall } from "./recorded-call.js";
import { questionKey } from "./request-key.js";

/** A line of a file of recordings: of one call, or of one question with the answers of several models. */
export interface RecordedLine extends Omit<Recording, "answers"> {
  /** Key of the request, of a line that `record` wrote. */
  readonly request?: string;
  readonly tools?: readonly string[];
  readonly answers: Readonly<Record<string, RecordedCall>>;
}

/** Place of a line, and who answered in it. */
interface Place {
  readonly at: number;
  readonly bytes: number;
  readonly names: readonly string[];
}

/** Parsed lines that are kept. */
const mostLines = 64;

/** Where answers stand in a file: keys and places, no texts. */
export class RecordingIndex {
  readonly #places = new Map<string, Place | Place[]>();
  readonly #latest = new Map<number, RecordedLine>();
  readonly names = new Set<string>();

  constructor(readonly file: string) {
    const lists = new Map<string, readonly string[]>();
    for (const { text, at, bytes } of linesOf(file)) {
      const line = parsedLine(text);
      if (line === undefined) continue;
      const names = Object.keys(line.answers);
      const list = names.join("\n");
      if (!lists.has(list)) lists.set(list, names);
      for (const name of names) this.names.add(name);
      this.#add(line.request ?? questionKey(messagesOf(line.input)), { at, bytes, names: lists.get(list)! });
    }
    if (this.names.size === 0) {
      throw new InvalidOptionError("replay.file", file, "it has no recording; write it with record or recordModels");
    }
  }

  #add(key: string, place: Place): void {
    const known = this.#places.get(key);
    if (known === undefined) this.#places.set(key, place);
    else if (Array.isArray(known)) known.push(place);
    else this.#places.set(key, [known, place]);
  }

  /** Reads the answer of a model to a request: the first, the second… of those with one of the keys. */
  answer(keys: readonly string[], model: string, turn: (key: string) => number): RecordedCall | undefined {
    for (const key of keys) {
      const places = [this.#places.get(key) ?? []].flat().filter(({ names }) => names.includes(model));
      if (places.length === 0) continue;
      return this.#line(places[turn(key) % places.length]!)?.answers[model];
    }
    return undefined;
  }

  /** Reads a line; the models of a graph are asked one question after the other, so the latest lines stay. */
  #line(place: Place): RecordedLine | undefined {
    const line = this.#latest.get(place.at) ?? parsedLine(lineAt(this.file, place));
    if (line === undefined || this.#latest.has(place.at)) return line;
    this.#latest.set(place.at, line);
    if (this.#latest.size > mostLines) this.#latest.delete(this.#latest.keys().next().value!);
    return line;
  }
}

const opened = new Map<string, { readonly version: string; readonly index: RecordingIndex }>();

/** Files whose index is kept. */
const most = 8;

/**
 * Opens a file of recordings; models that replay one file share its index.
 *
 * @throws {InvalidOptionError} when there is no such file, or no recording in it
 */
export function openRecordings(file: string): RecordingIndex {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) throw new InvalidOptionError("replay.file", file, "there is no such file");
  const version = `${status.size} ${status.mtimeMs} ${status.ino}`;
  const known = opened.get(file);
  const entry = known?.version === version ? known : { version, index: new RecordingIndex(file) };
  opened.delete(file);
  opened.set(file, entry); // the newest last
  if (opened.size > most) opened.delete(opened.keys().next().value!);
  return entry.index;
}

/** Parses a line; `undefined` for one that a kill cut off, and for anything that is no recording. */
export function parsedLine(text: string): RecordedLine | undefined {
  try {
    const line = JSON.parse(text) as Partial<RecordedLine> | null;
    const isLine = typeof line?.answers === "object" && line.answers !== null && line.input !== undefined;
    return isLine ? (line as RecordedLine) : undefined;
  } catch {
    return undefined;
  }
}
