# Install the book's package `helpers`, if it is missing, and say what was done.
# It is a wheel: the one beside this notebook, or else the one at ADDRESS. What it needs
# (NumPy, SymPy, Z3, FLINT, anywidget, Matplotlib, PyTorch) comes from PyPI, where missing.
WHEEL = ""
ADDRESS = ""


def install_helpers():
    import importlib
    import subprocess
    import sys
    from importlib.metadata import PackageNotFoundError, version
    from importlib.util import find_spec
    from pathlib import Path

    wanted = WHEEL.split("-")[1]
    try:
        installed = version("derivations-that-run")
    except PackageNotFoundError:
        installed = None
    if installed == wanted and find_spec("torch") and find_spec("matplotlib"):
        return f"helpers {wanted} is here: nothing to install."
    here = Path.cwd()
    beside = [folder / WHEEL for folder in (here, here.parent) if (folder / WHEEL).is_file()]
    source = beside[0].as_uri() if beside else ADDRESS
    if not source:
        raise FileNotFoundError(
            f"helpers {wanted} is not installed, and there is no {WHEEL} in {here} or the "
            "folder above it. Put it there (the book's site has it in its folder `notebooks`), "
            "or set ADDRESS to where it is."
        )
    print(f"Installing helpers {wanted} from {source}", flush=True)
    print("(a few minutes if PyTorch is missing, seconds if not) ...", flush=True)
    requirement = f"derivations-that-run[plot,torch] @ {source}"
    command = [sys.executable, "-m", "pip", "install", "--quiet", requirement]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        said = done.stderr or done.stdout
        raise RuntimeError(f"helpers {wanted} could not be installed; pip says:\n{said}")
    importlib.invalidate_caches()
    return (
        f"Installed helpers {wanted}. If a figure stays empty, reload this page in the "
        "browser and run the notebook again."
    )


print(install_helpers())
