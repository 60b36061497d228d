import type { createApp } from "../../../src/server/index.js";

type App = ReturnType<typeof createApp>;

/** Everything that the page of an app and its metrics show: page, events, reports, counters; one run is begun by the page. */
export async function pageTexts(app: App, model: string): Promise<string> {
  const form = { "content-type": "application/x-www-form-urlencoded", origin: "http://localhost" };
  const body = new URLSearchParams({ model, question: "Hi" }).toString();
  const asked = await app.request("/ui/ask", {
    method: "POST",
    headers: { ...form, accept: "application/json" },
    body,
  });
  const { id } = (await asked.json()) as { id: string };
  const textOf = async (path: string) => (await app.request(path)).text();
  let report = await textOf(`/ui/runs/${id}`);
  while (report.includes("(running)")) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    report = await textOf(`/ui/runs/${id}`);
  }
  const page = await textOf("/ui");
  const others = [...page.matchAll(/href="(ui\/runs\/chatcmpl-[^"]*)"/g)].map(([, path]) => textOf(`/${path}`));
  const boot = /data-since="([^":]*):/.exec(page)![1]!;
  const events = await firstEvents(await app.request(`/ui/events?since=${boot}:0`));
  return [
    report,
    page,
    events,
    ...(await Promise.all(others)),
    await textOf("/ui/compare"),
    await textOf("/metrics"),
  ].join("\n");
}

/** Reads a stream of events up to the panels, which come after all runs. */
async function firstEvents(reply: Response): Promise<string> {
  const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("event: panels")) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  await reader.cancel();
  return text;
}
