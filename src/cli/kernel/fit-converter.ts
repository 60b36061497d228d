import type { Compiler, SyntaxNode } from "./fit-compiler.js";

/** The module of tslab that compiles cells. */
export interface Converters {
  createConverter(options: { readonly isJS: boolean; readonly isBrowser: boolean }): Converter;
}

interface Converter {
  convert(previous: string, source: string): { readonly hasToplevelAwait?: boolean };
  close(): void;
}

/** Makes `for await` alone an asynchronous cell, and lets `{ small }` mean the `small` of an earlier cell. */
export function fitConverter(converters: Converters, compiler: Compiler): void {
  const { createConverter } = converters;
  converters.createConverter = (options) => {
    const made = createConverter(options);
    return {
      ...made,
      convert(previous, source) {
        const converted = made.convert(previous, spellOut(source, compiler));
        return /\bfor\s+await\b/.test(source) ? { ...converted, hasToplevelAwait: true } : converted;
      },
    };
  };
}

/** Writes `{ small }` as `{ small: small }`, because tslab renames only the names of the long form. */
function spellOut(source: string, compiler: Compiler): string {
  const names: NonNullable<SyntaxNode["name"]>[] = [];
  const visit = (node: SyntaxNode) => {
    if (compiler.isShorthandPropertyAssignment(node) && node.objectAssignmentInitializer === undefined) {
      names.push(node.name!);
    }
    compiler.forEachChild(node, visit);
  };
  visit(compiler.createSourceFile("cell.ts", source, compiler.ScriptTarget.ES2022));
  return names.reduceRight((text, { end, text: name }) => `${text.slice(0, end)}: ${name}${text.slice(end)}`, source);
}
