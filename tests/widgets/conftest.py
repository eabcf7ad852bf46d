"""Shared by the tests of the figures: their JavaScript, called from Python."""

import json
import subprocess
import threading

import pytest

# The program reads one call a line, [name, ...arguments], and answers each with one line of JSON. That has no NaN
# and no Infinity: they come as text.
PROGRAM = """
import { createInterface } from "node:readline";
IMPORTS

const known = { MODULES, ...MORE };
const text = (key, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...values] = JSON.parse(line);
  console.log(JSON.stringify(known[name](...values), text));
}
"""


@pytest.fixture(scope="module")
def functions_of(node, root):
    """Call functions of modules below `src/helpers/widgets/js`, by their names.

    >>> call = functions_of(block="coupling/block.js")
    >>> call("forward", state, 0.5, 0.2)

    `more` is a JavaScript object with further functions, in which each module has the name it is given here. Whole
    numbers come as floats unless `whole` is true: JavaScript writes 1e20 with all its zeros.
    """
    source = (root / "src" / "helpers" / "widgets" / "js").as_uri()
    processes = []

    def start(*, more: str = "{}", whole: bool = False, **modules: str):
        imports = "\n".join(f'import * as {name} from "{source}/{path}";' for name, path in modules.items())
        program = PROGRAM.replace("IMPORTS", imports).replace("MORE", more)
        program = program.replace("MODULES", ", ".join(f"...{name}" for name in modules))
        command = [node, "--input-type=module", "-e", program]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        processes.append(process)

        def call(name, *values):
            # The error itself stands in the captured stderr.
            assert process.poll() is None, "Node.js has ended"
            process.stdin.write(json.dumps([name, *values]) + "\n")
            process.stdin.flush()
            # A loop without end is killed, and so fails its test.
            timer = threading.Timer(30, process.kill)
            timer.start()
            try:
                answer = process.stdout.readline()
            finally:
                timer.cancel()
            assert answer, f"Node.js ended at {name}{values}"
            return json.loads(answer, parse_int=int if whole else float)

        return call

    yield start
    for process in processes:
        process.communicate()
