// Lets notebooks import this package by its name. Stock tslab resolves types by the rules of Node 10, which know neither `exports` nor
// a package that names itself: it looks for `node_modules/langgraph-multimodel`. The link is beside the notebooks, where npm does not
// manage anything, so that `npm install` leaves it and no tool that walks the repository runs in circles.
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const modules = fileURLToPath(new URL("../../notebooks/node_modules", import.meta.url));
const link = `${modules}/langgraph-multimodel`;

/** Makes the link where it is missing or leads elsewhere. */
export function linkPackage() {
  mkdirSync(modules, { recursive: true });
  try {
    create();
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (existsSync(`${link}/package.json`)) return;
    rmSync(link, { recursive: true, force: true });
    create();
  }
}

/** The kind of link matters on Windows alone, where a junction needs no rights. */
const create = () => symlinkSync("../..", link, "junction");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) linkPackage();
