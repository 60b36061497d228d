// A Model Context Protocol server as a process of its own: a shop with a price list, an order book and a clock. It speaks over
// stdio, or with `--http` over streamable HTTP on a free port of 127.0.0.1, whose address it prints. It ends with its parent.
import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

const prices: Readonly<Record<string, number>> = { tea: 4, coffee: 7, cocoa: 5 };
const orders: string[] = [];
const text = (said: string) => ({ content: [{ type: "text" as const, text: said }] });

/** The shop; every connection gets its own server object, all of them share the order book. */
function shop(): McpServer {
  const server = new McpServer({ name: "shop", version: "1.0.0" });
  const article = { article: z.string() };
  server.registerTool(
    "price",
    { description: "What an article costs, in EUR", inputSchema: article },
    ({ article }) => {
      const price = prices[article];
      if (price === undefined) throw new Error(`The shop has no ${article}`);
      return text(`${price}`);
    },
  );
  server.registerTool(
    "order",
    { description: "Orders an article: it is bought", inputSchema: article },
    ({ article }) => text(`order ${orders.push(article)}: ${article}`),
  );
  server.registerTool("orders", { description: "Every order so far" }, () => text(orders.join(", ") || "none"));
  server.registerTool("clock", { description: "The time in the shop, which stands still" }, () => text("09:41"));
  return server;
}

if (process.argv.includes("--http")) {
  const listener = createServer(async (request, response) => {
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
    response.on("close", () => void transport.close());
    await shop().connect(transport);
    await transport.handleRequest(request, response);
  });
  listener.listen(0, "127.0.0.1", () => {
    const address = listener.address();
    if (typeof address === "object") console.log(`http://127.0.0.1:${address?.port}/mcp`);
  });
  process.stdin.on("end", () => process.exit()).resume();
} else {
  await shop().connect(new StdioServerTransport());
}
