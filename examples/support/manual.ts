// The texts in examples/data as a vector store of LangChain, with an embedder that runs in this process: no key, no service.
import { readdir, readFile } from "node:fs/promises";
import { MemoryVectorStore } from "@langchain/classic/vectorstores/memory";
import { Document } from "@langchain/core/documents";
import { RecursiveCharacterTextSplitter } from "@langchain/textsplitters";
import { localEmbeddings } from "langgraph-multimodel/learned";

const folder = new URL("../data/", import.meta.url);
let store: Promise<MemoryVectorStore> | undefined;

/** Splits and embeds the manual, once. */
export function manual(): Promise<MemoryVectorStore> {
  store ??= embedManual();
  return store;
}

async function embedManual(): Promise<MemoryVectorStore> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md")).sort();
  const texts = await Promise.all(files.map((file) => readFile(new URL(file, folder), "utf8")));
  const documents = texts.map(
    (pageContent, index) => new Document({ pageContent, metadata: { source: files[index] } }),
  );
  const splitter = new RecursiveCharacterTextSplitter({ chunkSize: 300, chunkOverlap: 0 });
  return MemoryVectorStore.fromDocuments(await splitter.splitDocuments(documents), localEmbeddings());
}
