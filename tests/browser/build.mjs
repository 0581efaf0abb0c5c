// Builds the sites under test below a folder, for other validators: `node tests/browser/build.mjs DIR`.
import path from "node:path";
import { build, THEMES } from "./sites.mjs";

const binary = process.env.SITEGEN ?? path.resolve(import.meta.dirname, "../../target/release/sitegen");
for (const theme of THEMES) build(binary, path.join(process.argv[2], theme), theme);
