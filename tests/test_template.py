"""The skeleton that a new chapter starts from runs as it is."""

import jupytext
import nbclient


def test_every_cell_of_the_template_runs(root):
    notebook = jupytext.read(root / "book" / "_template.md")
    assert sum(cell.cell_type == "code" for cell in notebook.cells) >= 5
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
