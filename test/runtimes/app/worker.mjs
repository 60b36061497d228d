import { smoke } from "./smoke.mjs";

// biome-ignore lint/style/noDefaultExport: workerd calls the default export of a module
export default { fetch: async () => Response.json(await smoke()) };
