/**
 * Stand-ins on loopback for the two package registries, just large enough for
 * Deno to load a package from them.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { NPM_EDITION, npmFolders, WIDTH_PACKAGE } from "../../tools/std.ts";

/** A registry that answers at `url` until it is let go of. */
export interface Registry extends AsyncDisposable {
  url: string;
}

function listen(
  respond: (path: string) => Response | Promise<Response>,
): Registry {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => respond(new URL(request.url).pathname),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function digest(
  algorithm: "SHA-256" | "SHA-512",
  bytes: BufferSource,
): Promise<Buffer> {
  return Buffer.from(await crypto.subtle.digest(algorithm, bytes));
}

/** JSR, with packages in which there is next to nothing. */
export function standInJsr(names: string[]): Registry {
  const source = new TextEncoder().encode("export const standIn = true;\n");
  return listen(async (path) => {
    const [, scope, name = "", file, ...rest] = path.split("/");
    if (scope !== "@std" || !names.includes(name) || rest.length > 1) {
      return new Response("Not here", { status: 404 });
    }
    if (file === "meta.json") {
      const versions = { "1.2.3": {} };
      return Response.json({ scope: "std", name, latest: "1.2.3", versions });
    }
    if (file === "1.2.3_meta.json") {
      const checksum = `sha256-${
        (await digest("SHA-256", source)).toString("hex")
      }`;
      return Response.json({
        exports: { ".": "./mod.ts" },
        manifest: { "/mod.ts": { size: source.length, checksum } },
      });
    }
    return new Response(source);
  });
}

/** The npm registry, with the packages that Deno has in its cache. */
export async function standInNpm(): Promise<Registry> {
  const folders = await npmFolders();
  const packages = [
    await packed(NPM_EDITION, folders.std),
    await packed(WIDTH_PACKAGE, folders.width),
  ];
  const registry: Registry = listen((path) => {
    for (const { name, version, packageJson, tarball, integrity } of packages) {
      if (path === `/${name}.tgz`) return new Response(tarball);
      if (path !== `/${name}`) continue;
      const dist = { tarball: `${registry.url}${name}.tgz`, integrity };
      return Response.json({
        name,
        "dist-tags": { latest: version },
        versions: { [version]: { ...packageJson, dist } },
      });
    }
    return new Response("Not here", { status: 404 });
  });
  return registry;
}

/** A package as the registry hands it out, from the folder in Deno's cache. */
async function packed(specifier: string, folder: string) {
  const [name = "", version = ""] = specifier.slice("npm:".length).split("@");
  // A package is a folder named "package", packed: here under its own name.
  const { success, stdout: tarball } = await new Deno.Command("tar", {
    args: ["-cz", "-C", `${folder}/..`, version],
  }).output();
  if (!success) throw new Error(`tar could not pack ${folder}`);
  const packageJson: object = JSON.parse(
    await Deno.readTextFile(`${folder}/package.json`),
  );
  const hash = await digest("SHA-512", tarball);
  const integrity = `sha512-${hash.toString("base64")}`;
  return { name, version, packageJson, tarball, integrity };
}

/** A registry at which nobody listens: a connection is refused. */
export const NOBODY = "http://127.0.0.1:9/";

/** A registry that takes connections and never says a word. */
export function standInSilence(): Registry {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return {
    url: `http://127.0.0.1:${listener.addr.port}/`,
    [Symbol.asyncDispose]() {
      listener.close(); // The system answered for it; nobody accepted.
      return Promise.resolve();
    },
  };
}
