// Counts what passed and prints what failed, one line for each thing that is wrong.
let passed = 0;
let failed = 0;

// `where` says which page in which state (`jian/article/390/dark`), `what` what must hold. `body` gives a list of problems, or
// throws; no problems is a pass.
export async function test(where, what, body) {
  let problems;
  try {
    problems = (await body()) ?? [];
  } catch (error) {
    problems = [firstLine(error)];
  }
  if (problems.length === 0) {
    passed++;
    if (process.env.VERBOSE) console.log(`ok    ${where}: ${what}`);
    return true;
  }
  failed++;
  const shown = problems.slice(0, 6);
  for (const problem of shown) console.log(`FAIL  ${where}: ${what}: ${String(problem).replace(/\s*\n\s*/g, " ")}`);
  if (problems.length > shown.length) console.log(`      and ${problems.length - shown.length} more of the same test`);
  return false;
}

export function must(condition, problem) {
  if (!condition) throw new Error(problem);
}

// Waits until `probe` gives something true, and gives that. What never comes is an error that says `problem`.
export async function eventually(probe, problem, timeout = 2000) {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await attempt(probe);
    if (value) return value;
    if (Date.now() > end) throw new Error(typeof problem === "function" ? await problem() : problem);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

// A page that is being left cannot be asked anything.
async function attempt(probe) {
  try {
    return await probe();
  } catch (error) {
    if (/context was destroyed/.test(error.message)) return undefined;
    throw error;
  }
}

// Prints the closing line; gives the exit status.
export function close() {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function firstLine(error) {
  // Playwright explains a failure on many lines, in colours; the first says what, and the call log is of little use here.
  return String(error?.message ?? error)
    .replace(/\x1b\[\d+m/g, "")
    .split("\n")
    .slice(0, 3)
    .join(" ");
}
