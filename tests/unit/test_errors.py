"""An error says where, what and what to do next; each one ends the command line with 2."""

import pytest

from pipelines import errors
from pipelines.errors import FileRefused, Refusal, RegistryError

REFUSAL = Refusal("empty_file", "a.csv", "c1", "vide", "empty", "renvoyer", "send again")
KINDS = sorted(
    (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, RegistryError)),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize(
    ("where", "remedy", "message"),
    [
        ("a.yaml", "Correct it.", "a.yaml: it is wrong Correct it."),
        ("", "Correct it.", "it is wrong Correct it."),
        ("a.yaml", "", "a.yaml: it is wrong"),
        ("", "", "it is wrong"),
    ],
)
def test_the_message(where: str, remedy: str, message: str):
    problem = RegistryError("it is wrong", where=where, remedy=remedy)
    assert str(problem) == message
    assert (problem.where, problem.what, problem.remedy) == (where, "it is wrong", remedy)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_documented_and_ends_with_2(kind: type[RegistryError]):
    assert kind.__doc__
    assert kind.exit_code == 2


def test_a_refused_file_carries_its_refusal():
    problem = FileRefused(REFUSAL)
    assert problem.refusal is REFUSAL
    assert str(problem) == "a.csv: empty send again"
