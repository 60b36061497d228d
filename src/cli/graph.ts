import { writeFileSync } from "node:fs";
import { loadConfig } from "../config/index.js";
import type { Drawing } from "../drawing/graph-dot.js";
import { graphMermaid } from "../drawing/graph-mermaid.js";
import { MissingPackageError } from "../errors/index.js";
import { drawGraph, toPng } from "../notebook/index.js";
import type { Compiled } from "./answer.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { withFile } from "./files/named-file.js";
import { findConfig } from "./find-config.js";
import { graphText } from "./graph-text.js";
import { note } from "./show-answer.js";
import { targetName } from "./target.js";
import { paint, withoutKeys } from "./terminal/terminal.js";

type Format = "text" | "svg" | "png" | "mermaid";

export interface GraphOptions {
  readonly config?: string;
  readonly format?: Format;
  readonly output?: string;
  readonly xray: boolean;
}

/** Runs `multimodel graph`: draws a graph of the file. */
export async function graph(given: string | undefined, options: GraphOptions): Promise<ExitCode> {
  const { xray } = options;
  const output = options.output === "-" ? undefined : options.output;
  const format = formatOf(output, options.format);
  if (format === "png" && output === undefined && process.stdout.isTTY) {
    throw new UsageError("a PNG cannot be printed in a terminal; give --output FILE, or pipe it");
  }
  const config = await loadConfig(findConfig(options.config), { keyless: true });
  const name = graphName(given, config);
  const picture = await draw(name, config.graphs[name]!.compile(), format, xray).catch((error) => {
    throw MissingPackageError.isInstance(error) ? new UsageError(installing(format), { cause: error }) : error;
  });
  if (output === undefined) process.stdout.write(typeof picture === "string" ? withoutKeys(picture) : picture);
  else {
    withFile(output, () =>
      writeFileSync(output, /\.md$/i.test(output) ? `\`\`\`mermaid\n${picture}\`\`\`\n` : picture),
    );
    note(`${name} → ${output}`);
  }
  return exitCode.done;
}

function graphName(given: string | undefined, config: Parameters<typeof targetName>[0]): string {
  const names = Object.keys(config.graphs);
  if (names.length === 0) {
    throw new UsageError(
      `${config.file} has no graphs; write one:\n\n  graphs:\n    assistant: { pattern: fallback, models: [${Object.keys(config.models).slice(0, 2).join(", ")}] }\n`,
    );
  }
  if (given !== undefined) return targetName(config, { graph: given });
  return names.find((name) => name === config.defaultModel) ?? names[0]!;
}

async function draw(name: string, compiled: Compiled, format: Format, xray: boolean): Promise<string | Uint8Array> {
  if (format === "svg") return drawGraph(compiled, { xray });
  if (format === "png") return toPng(await drawGraph(compiled, { xray }));
  const drawing = (await compiled.getGraphAsync({ xray })) as unknown as Drawing;
  if (format === "mermaid") return graphMermaid(drawing);
  return `${[paint(process.stdout, "bold", name), ...graphText(drawing).map((line) => `  ${line}`)].join("\n")}\n`;
}

const endings: Readonly<Record<string, Format>> = {
  svg: "svg",
  png: "png",
  mmd: "mermaid",
  md: "mermaid",
  txt: "text",
};

function formatOf(output: string | undefined, wanted: Format | undefined): Format {
  if (output === undefined) return wanted ?? "text";
  const ending = endings[output.slice(output.lastIndexOf(".") + 1).toLowerCase()];
  const format = wanted ?? ending;
  if (format === undefined) {
    throw new UsageError(`the format is unclear from ${output}; end it in .svg, .png, .mmd or .txt, or give --format`);
  }
  if ((ending ?? format) === format) return format;
  throw new UsageError(`${output} ends like ${ending}, but --format is ${format}; omit --format, or rename the file`);
}

const packages: Readonly<Partial<Record<Format, string>>> = {
  svg: "@viz-js/viz",
  png: "@viz-js/viz @resvg/resvg-js",
};

const installing = (format: Format) =>
  `to draw ${format.toUpperCase()}, run: npm install ${packages[format]}. Text and Mermaid need nothing.`;
