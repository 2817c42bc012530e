/**
 * Makes the `jsr:@std/...` imports work on a network that lets the npm registry
 * through and not JSR: fills `.std/` with packages that stand in for those of
 * JSR (`links` in deno.json) and hand on the same code from npm. Where Deno can
 * load the imports as they are, it does nothing.
 *
 * Run: deno task std (every other task does it by itself, once)
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

/** An edition of the standard library on npm: the same code, without types. */
export const NPM_EDITION = "npm:deno-std@1.4.0";

/**
 * What measures text in place of `@std/cli/unicode-width`, which the npm edition
 * has without its table: a package without dependencies.
 */
export const WIDTH_PACKAGE = "npm:fast-string-truncated-width@3.0.3";

/** The source of `unicode_width.ts`, with the package at `specifier`. */
export function unicodeWidthModule(specifier: string): string {
  return `import measure from "${specifier}";

export function unicodeWidth(text: string): number {
  return measure(text, {}, { tabWidth: 0 }).width;
}
`;
}

/** How long JSR may take to hand out the packages, in milliseconds. */
const PROBE_LIMIT = 4000;

const ROOT = new URL("../", import.meta.url);

/** The packages to link, by name: `assert`, `bytes` and so on. */
const PACKAGES = Object.keys(config.imports)
  .filter((name) => name.startsWith("@std/"))
  .map((name) => name.slice("@std/".length));

/** Whether Deno can load the packages as they are: from JSR, a cache, a link. */
async function canLoad(): Promise<boolean> {
  // As a program: named on the command line they would not come from a link.
  const imports = PACKAGES.map((name) => `import "jsr:@std/${name}@^1";`);
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", imports.join("\n")],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    signal: AbortSignal.timeout(PROBE_LIMIT),
  }).output();
  return success;
}

/** The folder of a package that the npm registry has, in Deno's cache. */
export interface NpmFolders {
  /** The npm edition of the standard library. */
  std: string;
  /** {@linkcode WIDTH_PACKAGE}. */
  width: string;
}

/**
 * Loads the packages from npm and returns the folders in which Deno keeps
 * them. Where they cannot be had, ends the program with one line and status 1.
 */
export async function npmFolders(): Promise<NpmFolders> {
  const modules = [`${NPM_EDITION}/assert/mod.js`, WIDTH_PACKAGE];
  try {
    for (const module of modules) await import(module);
  } catch (error) {
    const [reason] = String(error).split("\n");
    console.error(
      `The npm registry does not answer, and @std has to come from there. ` +
        `Connect this machine to a network once and try again (${reason})`,
    );
    Deno.exit(1);
  }
  return {
    std: await folderOf(NPM_EDITION, `${NPM_EDITION}/assert/mod.js`),
    width: await folderOf(WIDTH_PACKAGE, WIDTH_PACKAGE),
  };
}

async function folderOf(name: string, module: string): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", module],
    cwd: ROOT,
    stderr: "null",
  }).output();
  const { npmPackages } = JSON.parse(new TextDecoder().decode(stdout));
  return npmPackages[name.slice("npm:".length)].localPath;
}

/** Writes a package that hands on what the npm edition's `name` exports. */
async function link(name: string, edition: string): Promise<void> {
  const folder = new URL(`.std/npm-${name}/`, ROOT);
  await Deno.mkdir(folder, { recursive: true });
  const exports: Record<string, string> = { ".": "./mod.ts" };
  for await (const { name: file } of Deno.readDir(`${edition}/${name}`)) {
    const module = file.replace(/\.js$/, "");
    if (module === "mod" || module.startsWith("_")) continue;
    const source = `${NPM_EDITION}/${name}/${file}`;
    const text = module === "unicode_width"
      ? unicodeWidthModule(WIDTH_PACKAGE)
      : await handOn(source);
    await writeWhole(new URL(`${module}.ts`, folder), text);
    exports[`./${module.replaceAll("_", "-")}`] = `./${module}.ts`;
  }
  const modules = Object.values(exports).filter((path) => path !== "./mod.ts");
  await writeWhole(
    new URL("mod.ts", folder),
    modules.sort().map((path) => `export * from "${path}";\n`).join(""),
  );
  // Last, because it makes the folder a package.
  await writeWhole(
    new URL("deno.json", folder),
    JSON.stringify({ name: `@std/${name}`, version: "1.0.0", exports }),
  );
}

/** The source of a module that hands on what `source` exports. */
async function handOn(source: string): Promise<string> {
  // By name, because `export *` finds none in a module without types.
  const names = Object.keys(await import(source)).sort();
  return `export { ${names.join(", ")} } from "${source}";\n`;
}

/** Another task may read the file, or write the same, at this very moment. */
async function writeWhole(file: URL, text: string): Promise<void> {
  const draft = new URL(`${file.href}.${Deno.pid}`);
  await Deno.writeTextFile(draft, text);
  await Deno.rename(draft, file);
}

if (import.meta.main && !await canLoad()) {
  const { std } = await npmFolders();
  for (const name of PACKAGES) await link(name, std);
  console.log("JSR does not answer: @std comes from the npm registry (.std/)");
}
