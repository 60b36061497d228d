/** A Model Context Protocol server: a process on this machine, or one reached over HTTP. */
export type McpServer =
  | {
      transport?: "stdio" | undefined;
      command: string;
      args?: string[] | undefined;
      env?: Record<string, string> | undefined;
      cwd?: string | undefined;
    }
  | {
      transport?: "http" | "sse" | undefined;
      url: string;
      headers?: Record<string, string> | undefined;
    };
