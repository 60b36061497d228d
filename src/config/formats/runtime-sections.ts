import type { Remark } from "../text/problems.js";
import type { Path } from "../text/read-document.js";
import { isObject } from "../text/value-at.js";
import { type FieldNames, foreignFields, leftOut } from "./foreign-fields.js";
import type { Origin } from "./origins.js";
import { isPresent, type Places, textOrEmpty, type Warning } from "./translated.js";

interface Section {
  readonly data: Record<string, unknown>;
  readonly origins: Origin[];
}

/** An entry of a list or map, with its path in the file. */
export interface Entry {
  readonly path: Path;
  readonly name: unknown;
  readonly entry: unknown;
}

type ReadEntry = (
  entry: unknown,
  places: Places,
  name: string,
) => { readonly data: unknown; readonly origins?: readonly Origin[] };

interface Remarks {
  readonly problems: Remark[];
  readonly warnings: Warning[];
}

/** Translates a list or map of prompts, each text or messages; a prompt without system messages becomes "". */
export function runtimePrompts(prompts: unknown, remarks: Remarks): Section {
  return sectionOf(prompts, { theirs: ["prompts"], ours: ["prompts"] }, remarks, (prompt, { theirs }) => {
    if (!isObject(prompt)) return { data: prompt };
    const messages = Array.isArray(prompt.messages)
      ? prompt.messages.map((message: unknown, index) => ({ message, path: [...theirs, "messages", index] }))
      : [{ message: { ...prompt, content: prompt.content ?? prompt.text ?? prompt.system }, path: theirs }];
    const texts = messages.flatMap(({ message, path }) => {
      const { role, content } = isObject(message) ? message : {};
      if ((role ?? "system") !== "system" || typeof content !== "string") {
        remarks.warnings.push({ path, message: "only the text of system messages is read" });
        return [];
      }
      if (content.includes("{{")) {
        remarks.warnings.push({ path, message: "{{ }} placeholders are not filled in", used: true });
      }
      return [content];
    });
    return { data: texts.join("\n\n") };
  });
}

const processFields: FieldNames = { transport: [], command: [], args: [], env: [], cwd: [] };
const httpFields: FieldNames = { transport: [], url: ["base_url"], headers: [] };

/** Translates `mcp.servers`, a list or a map. */
export function runtimeServers(mcp: unknown, remarks: Remarks): Section {
  if (!isObject(mcp)) return { data: {}, origins: [] };
  const { servers, ...others } = mcp;
  remarks.warnings.push(...leftOut(others, ["mcp"]));
  const places = { theirs: ["mcp", "servers"], ours: ["mcpServers"] };
  return sectionOf(servers, places, remarks, (server, below) => {
    if (!isObject(server)) return { data: server };
    const { name: _name, ...given } = server;
    const isProcess = isPresent(server.transport) ? server.transport === "stdio" : isPresent(server.command);
    const { fields, origins, rest } = foreignFields(given, isProcess ? processFields : httpFields, below);
    remarks.warnings.push(...leftOut(rest, below.theirs));
    const { transport } = fields;
    const isHttp = /^streamable[-_ ]?http$/.test(textOrEmpty(transport));
    return { data: { ...fields, ...(isHttp && { transport: "http" }) }, origins };
  });
}

/** Translates a list or map of named entries. */
function sectionOf(section: unknown, { theirs, ours }: Places, { problems }: Remarks, read: ReadEntry): Section {
  if (isPresent(section) && typeof section !== "object") {
    problems.push({ path: theirs, message: "is not a list; write - name: and its name" });
  }
  const { data, origins } = namedEntries(entriesOf(section, theirs), ours, problems, read);
  return { data, origins: [[ours, theirs], ...origins] };
}

/** Translates entries; reports those without a name, and those with a name that is taken. */
export function namedEntries(entries: readonly Entry[], ours: Path, problems: Remark[], read: ReadEntry): Section {
  const section: Section = { data: {}, origins: [] };
  for (const { path, name, entry } of entries) {
    if (typeof name !== "string" || name === "") {
      problems.push({ path, message: "has no name; write name: and its name" });
    } else if (Object.hasOwn(section.data, name)) {
      problems.push({ path: [...path, "name"], message: `another entry is called "${name}"; rename one of them` });
    } else {
      const places = { theirs: path, ours: [...ours, name] };
      const { data, origins = [] } = read(entry, places, name);
      section.data[name] = data;
      section.origins.push([places.ours, path], ...origins);
    }
  }
  return section;
}

function entriesOf(section: unknown, theirs: Path): readonly Entry[] {
  if (Array.isArray(section)) {
    return section.map((entry, index) => ({ path: [...theirs, index], name: nameOf(entry, index), entry }));
  }
  return Object.entries(isObject(section) ? section : {}).map(([name, entry]) => ({
    path: [...theirs, name],
    name,
    entry,
  }));
}

/** Returns an entry's name; older files list messages without one as prompts. */
function nameOf(entry: unknown, index: number): unknown {
  if (!isObject(entry)) return undefined;
  return entry.name ?? (entry.role === undefined ? undefined : `message ${index + 1}`);
}
