export function modelsFile(env?: Readonly<Record<string, string | undefined>>): string | undefined;
