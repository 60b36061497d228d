import { localEmbeddings } from "langgraph-multimodel/learned";

const outcome = localEmbeddings()
  .embedQuery("Hi")
  .catch(({ name }) => name);
console.log(JSON.stringify(await outcome));
