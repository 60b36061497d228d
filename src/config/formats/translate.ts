import { ConfigFile } from "../config-file.js";
import type { Remark } from "../text/problems.js";
import type { Path } from "../text/read-document.js";
import { type Data, isObject } from "../text/value-at.js";
import { isModelKey, translateRegistry } from "./registry-format.js";
import { runtimeSections, translateRuntime } from "./runtime-format.js";
import type { Translated } from "./translated.js";

/** A file of any format, translated to this library's own. */
export interface Readable extends Translated {
  /** Returns whether the value at a path of the file is used. */
  readonly reads: (path: Path) => boolean;
}

/** Translates a file of another system's format and adds its sections of our own format; drops empty sections. */
export function translate(file: Data): Readable {
  const data = Object.fromEntries(
    Object.entries(file).filter(([name, section]) => section !== null && !isShared(name)),
  );
  if (Object.keys(data).some(isModelKey)) return withOwn(translateRegistry(data), data, isModelKey);
  if (isObject(data.runtime)) {
    return withOwn(translateRuntime(data, data.runtime), data, (section) => runtimeSections.includes(section));
  }
  return { data, place: (path) => path, problems: [], warnings: [], reads: ([name]) => !isShared(String(name)) };
}

/** Returns whether a section only holds anchors that others refer to, as in files of Docker Compose. */
const isShared = (section: string) => section.startsWith("x-");

/** Adds the sections of our own format to a translated file. */
function withOwn(translated: Translated, file: Data, isTheirs: (section: string) => boolean): Readable {
  const sections = Object.keys(ConfigFile.shape).filter((each) => Object.hasOwn(file, each) && !isTheirs(each));
  const data = { ...translated.data };
  const twice: Remark[] = [];
  const marked = isObject(file.models) ? Object.values(file.models).some(isDefault) : false;
  if (marked) delete data.default; // that of the other format may just be its first model
  for (const section of sections) {
    const theirs = addedTo(section, translated, file);
    const ours = file[section];
    if (theirs === undefined) {
      data[section] = ours;
      continue;
    }
    const names = Object.keys(ours as Data);
    const added = names.filter((name) => !Object.hasOwn(theirs, name));
    data[section] = { ...theirs, ...Object.fromEntries(added.map((name) => [name, (ours as Data)[name]])) };
    for (const name of names.filter((each) => !added.includes(each))) {
      twice.push({
        path: [section, name],
        message: `another entry of the file is called "${name}"; rename one of them`,
      });
    }
  }
  const isOwn = ([section, name]: Path) => {
    const theirs = addedTo(String(section), translated, file);
    return sections.includes(String(section)) && !(theirs && Object.hasOwn(theirs, name ?? ""));
  };
  const isLeftOut = (path: Path) =>
    [
      ...translated.warnings.filter(({ used }) => !used).map(({ path: left }) => left),
      ...(translated.ignored ?? []),
    ].some((left) => left.every((key, index) => path[index] === key));
  const isRead = (section: string) => isTheirs(section) || sections.includes(section);
  return {
    data,
    problems: [...translated.problems, ...twice],
    warnings: translated.warnings,
    place: (path) => (isOwn(path) ? path : translated.place(path)),
    reads: (path) => isRead(String(path[0])) && !isLeftOut(path),
  };
}

/** Returns the translated entries to which a section of our own format adds. */
function addedTo(section: string, { data }: Translated, file: Data): Data | undefined {
  const theirs = data[section];
  const isAdded = ["models", "mcpServers", "graphs"].includes(section) && isObject(file[section]);
  return isAdded && isObject(theirs) ? theirs : undefined;
}

const isDefault = (model: unknown) => isObject(model) && model.default === true;
