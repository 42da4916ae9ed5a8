"""An unforeseen error tells where it happened and withholds its message, which could hold a person's data."""

import subprocess
import sys

CRASH = """
import pipelines.cli.app, pipelines.__main__ as m
def crash(arguments):
    raise KeyError("DUPONT Marie 1970-01-01")
pipelines.cli.app.run_command = crash
m.main()
"""


def test_the_message_of_an_unforeseen_error_is_withheld():
    done = subprocess.run([sys.executable, "-c", CRASH], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "KeyError" in done.stderr
    assert "in crash" in done.stderr
    assert "DUPONT" not in done.stderr + done.stdout
