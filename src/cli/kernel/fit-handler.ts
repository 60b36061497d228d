/** The module of tslab that speaks with Jupyter. */
export interface JupyterModule {
  lastWriteDisplayData: unknown;
  readonly JupyterHandlerImpl: { readonly prototype: Handler };
}

export interface Handler {
  readonly execQueue: { add<Result>(task: () => Promise<Result>): Promise<Result> };
  handleExecute(request: ExecuteRequest, ...writers: Writers): Promise<ExecuteReply>;
  handleExecuteImpl(request: ExecuteRequest, ...writers: Writers): Promise<Count>;
}

interface ExecuteRequest {
  readonly code: string;
  readonly stop_on_error?: boolean;
}

interface ExecuteReply {
  readonly status: string;
  readonly execution_count?: number;
}

interface Count {
  readonly count?: number;
}

type WriteStream = (name: string, text: string) => void;
type Writers = readonly [writeStream: WriteStream, writeDisplay: unknown];

/**
 * Runs the cells that follow a failed one where Jupyter asks for it (`nbconvert --allow-errors`); stock tslab drops all requests of the
 * next 200 ms. Puts the text of an error into the reply as well, so that `nbconvert --execute` prints it.
 */
export function fitHandler({ JupyterHandlerImpl: { prototype } }: JupyterModule): void {
  const { handleExecute } = prototype;
  prototype.handleExecute = async function (request, writeStream, writeDisplay) {
    let complaint = "";
    const writers = [
      (name: string, text: string) => {
        if (name === "stderr") complaint += text;
        writeStream(name, text);
      },
      writeDisplay,
    ] as const;
    const goesOn = request.stop_on_error === false;
    const reply = await (goesOn ? executeAlone(this, request, writers) : handleExecute.call(this, request, ...writers));
    if (reply.status === "abort") return { ...reply, status: "aborted" }; // the word of Jupyter's protocol
    return reply.status === "error" ? { ...reply, ...described(complaint) } : reply;
  };
}

/** Runs a cell whose failure does not cancel the cells that wait behind it. */
async function executeAlone(handler: Handler, request: ExecuteRequest, writers: Writers): Promise<ExecuteReply> {
  const outcome = (status: string) => (count?: Count) => ({ status, execution_count: count?.count });
  const run = () => handler.handleExecuteImpl(request, ...writers).then(outcome("ok"), outcome("error")); // tslab throws the count
  return handler.execQueue.add(run).catch(() => ({ status: "aborted" }));
}

/** Reads the kind and the message of an error from its text, which may begin with the place where it was thrown. */
function described(complaint: string) {
  const lines = complaint.trimEnd().split("\n");
  const [, ename = "Error", evalue = lines[0]!] = /^(\w*Error): (.*)/m.exec(complaint) ?? [];
  return { ename, evalue, traceback: lines };
}
