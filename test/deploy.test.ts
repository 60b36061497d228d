import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../", import.meta.url));
/** The built command line, which finds its package.json only there. */
const { createProgram } = (await import(`${root}dist/esm/cli/program.js`)) as typeof import("../src/cli/program.js");
const read = (file: string) => readFileSync(`${root}${file}`, "utf8");

/** Files that the user of a Dockerfile brings. */
const brought = ["models.yaml"];

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly command?: readonly string[];
  readonly depends_on?: object;
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const compose = parse(read("deploy/compose.yaml"), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: object;
  readonly secrets: object;
};

/** Parses a command without running it. */
async function parsed(words: readonly string[]): Promise<string | undefined> {
  const program = createProgram();
  let name: string | undefined;
  for (const each of program.commands)
    each.configureOutput({ writeErr: () => {} }).action(() => {
      name = each.name();
    });
  await program.parseAsync([...words], { from: "user" });
  return name;
}

describe.each(["deploy/Dockerfile", "deploy/langgraph.Dockerfile"])("%s", (file) => {
  it("copies files that there are", () => {
    const copied = [...read(file).matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, paths]) => paths!.split(" "));
    expect(copied.length).toBeGreaterThan(0);
    for (const path of copied.filter((path) => !brought.includes(path)))
      expect([path, existsSync(`${root}${path}`)]).toEqual([path, true]);
  });
});

describe("deploy/Dockerfile", () => {
  it("installs the optional peers that its commands load", () => {
    const { peerDependencies } = JSON.parse(read("package.json")) as { peerDependencies: Record<string, string> };
    const installed = read("deploy/Dockerfile");
    for (const name of ["bullmq", "ioredis", "rate-limiter-flexible", "prom-client", "@opentelemetry/api"])
      expect([name, name in peerDependencies, installed.includes(` ${name} `)]).toEqual([name, true, true]);
  });

  it("starts a command that there is", async () => {
    const [, words] = /^CMD (\[.*\])$/m.exec(read("deploy/Dockerfile"))!;
    expect(await parsed(JSON.parse(words!) as string[])).toBe("serve");
  });
});

describe("deploy/compose.yaml", () => {
  it("builds from files that there are, and starts commands that there are", async () => {
    const built = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);
    expect(built.map(([name]) => name)).toEqual(["serve", "worker"]);
    for (const [, { build }] of built)
      expect(existsSync(`${root}deploy/${build!.context}/${build!.dockerfile}`)).toBe(true);
    expect(await parsed(compose.services.worker!.command!)).toBe("worker");
  });

  it("has every service, volume and secret that it names, and the files it mounts", () => {
    for (const { depends_on = {}, volumes = [], secrets = [] } of Object.values(compose.services)) {
      for (const name of Object.keys(depends_on)) expect(Object.keys(compose.services)).toContain(name);
      for (const name of secrets) expect(Object.keys(compose.secrets)).toContain(name);
      for (const [from] of volumes.map((volume) => volume.split(":") as [string])) {
        if (from.startsWith("./")) expect(existsSync(`${root}deploy/${from}`)).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
    }
  });

  it("lets Prometheus read what is served", () => {
    const { scrape_configs: jobs } = parse(read("deploy/prometheus.yml")) as {
      scrape_configs: { metrics_path: string; static_configs: { targets: string[] }[] }[];
    };
    const [service, port] = jobs[0]!.static_configs[0]!.targets[0]!.split(":");
    expect([Object.keys(compose.services).includes(service!), jobs[0]!.metrics_path]).toEqual([true, "/metrics"]);
    expect(read("deploy/Dockerfile")).toContain(`"--port", "${port}"`);
  });
});
