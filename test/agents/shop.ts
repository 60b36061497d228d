import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { DynamicStructuredTool } from "@langchain/core/tools";
import { MultiServerMCPClient } from "@langchain/mcp-adapters";

const args = ["--import", "tsx", fileURLToPath(new URL("../../examples/support/mcp-server.ts", import.meta.url))];

export type Transport = "stdio" | "http";

/** The shop of the examples, as a process of its own that a test starts and ends. */
export interface Shop {
  /** By their names: price, order, orders, clock. */
  readonly tools: Readonly<Record<string, DynamicStructuredTool>>;
  /** The order book, asked of the server itself. */
  orders(): Promise<string>;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Closes the connection and with it the process. */
  close(): Promise<void>;
  /** True while the process runs. */
  alive(): boolean;
}

/** Starts the shop and connects to it. */
export async function openShop(transport: Transport): Promise<Shop> {
  const server = transport === "http" ? await startOverHttp() : undefined;
  const connection =
    server === undefined
      ? ({ transport: "stdio", command: process.execPath, args } as const)
      : ({ transport: "http", url: server.url } as const);
  const client = new MultiServerMCPClient({ shop: connection });
  const tools = Object.fromEntries((await client.getTools()).map((tool) => [tool.name, tool]));
  const pid = server?.process.pid ?? (await pidOf(client));
  const alive = () => isAlive(pid);
  const gone = async () => {
    while (alive()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return {
    tools,
    orders: async () => String(await tools.orders!.invoke({})),
    alive,
    kill: async () => {
      process.kill(pid, "SIGKILL");
      await gone();
    },
    close: async () => {
      await client.close();
      server?.process.stdin?.end();
      await gone();
    },
  };
}

async function startOverHttp(): Promise<{ readonly process: ChildProcess; readonly url: string }> {
  const server = spawn(process.execPath, [...args, "--http"], { stdio: ["pipe", "pipe", "inherit"] });
  const [url] = await once(createInterface(server.stdout), "line");
  return { process: server, url };
}

async function pidOf(client: MultiServerMCPClient): Promise<number> {
  const { transport } = (await client.getClient("shop")) as unknown as { transport: { pid: number } };
  return transport.pid;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
