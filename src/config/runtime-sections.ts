import type { Move } from "./moves.js";
import type { Path } from "./read-document.js";
import { type Data, isObject, type Remark, textIn } from "./translated.js";

interface Section {
  readonly data: Record<string, unknown>;
  readonly moves: Move[];
}

interface Remarks {
  readonly problems: Remark[];
  readonly warnings: Remark[];
}

/** Prompts as texts or messages by name, or as a list of them. */
export function runtimePrompts(prompts: unknown, remarks: Remarks): Section {
  return sectionOf(prompts, ["prompts"], "prompts", remarks, (prompt, path) => {
    if (!isObject(prompt)) return prompt;
    const messages = Array.isArray(prompt.messages)
      ? prompt.messages
      : [{ content: prompt.content ?? prompt.text ?? prompt.system }];
    const system = messages.filter((message) => isObject(message) && (message.role ?? "system") === "system");
    if (system.length < messages.length) {
      remarks.warnings.push({ path, message: "only its system messages are read" });
    }
    return system
      .map((message) => (message as Data).content)
      .filter((content) => typeof content === "string")
      .join("\n\n");
  });
}

/** `mcp.servers`: a list, or servers by name. */
export function runtimeServers(mcp: unknown, remarks: Remarks): Section {
  return sectionOf(isObject(mcp) ? mcp.servers : undefined, ["mcp", "servers"], "mcpServers", remarks, (server) => {
    if (!isObject(server)) return server;
    const { command, args, env, cwd, headers, transport } = server;
    const url = server.url ?? server.base_url;
    const known = {
      command,
      args,
      env,
      cwd,
      headers,
      url,
      transport: transport === undefined ? undefined : transportOf(transport),
    };
    return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined && value !== null));
  });
}

const transportOf = (transport: unknown) => (/^streamable[-_ ]?http$/.test(textIn(transport)) ? "http" : transport);

function sectionOf(
  section: unknown,
  at: Path,
  ours: string,
  { problems }: Remarks,
  read: (entry: unknown, path: Path) => unknown,
): Section {
  const data: Record<string, unknown> = {};
  const moves: Move[] = [[[ours], at]];
  const list = Array.isArray(section)
    ? section.map((entry, index) => [index, isObject(entry) ? entry.name : undefined, entry] as const)
    : isObject(section)
      ? Object.entries(section).map(([name, entry]) => [name, name, entry] as const)
      : [];
  for (const [key, name, entry] of list) {
    const path = [...at, key];
    if (typeof name !== "string" || name === "")
      problems.push({ path, message: "has no name; write name: and what it is called" });
    else if (Object.hasOwn(data, name))
      problems.push({ path, message: `"${name}" is there before it; rename one of them` });
    else {
      data[name] = read(entry, path);
      moves.push([[ours, name], path]);
    }
  }
  return { data, moves };
}
