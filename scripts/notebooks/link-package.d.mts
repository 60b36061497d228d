/** Makes `notebooks/node_modules/langgraph-multimodel`, where it is missing or leads elsewhere. */
export function linkPackage(): void;
