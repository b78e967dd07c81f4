import pytest

from tests.ui.sample import NOW, WORKFLOW, in_time
from ui import naming


def test_the_number_is_preferred_to_an_id() -> None:
    assert naming.display_key(in_time(7, NOW), WORKFLOW).value == "INV-00007"


def test_systems_have_the_title_that_was_declared() -> None:
    title = naming.system_titles({"netsuite": "NetSuite", "integration-hub": "integration-hub"})
    assert (title("netsuite"), title("integration-hub"), title("sap")) == ("NetSuite", "Integration hub", "Sap")


@pytest.mark.parametrize(
    ("title", "number", "said"),
    [
        ("Posted in NetSuite", 2, "were posted in NetSuite"),
        ("Paid", 1, "was paid"),
        ("Status back in Salesforce", 3, "reached “Status back in Salesforce”"),
    ],
)
def test_what_happened_is_a_verb_where_the_title_is_a_participle(title: str, number: int, said: str) -> None:
    assert naming.predicate(title, number) == said
