"""Three-valued logic, as truth tables."""

import itertools

import pytest

from clearslate.model import Answer, all_of, any_of

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


@pytest.mark.parametrize(("answer", "opposite"), [(YES, NO), (NO, YES), (UNKNOWN, UNKNOWN)])
def test_not_unknown_is_unknown(answer: Answer, opposite: Answer) -> None:
    assert ~answer is opposite


@pytest.mark.parametrize(
    ("one", "other", "both", "either"),
    [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (YES, UNKNOWN, UNKNOWN, YES),
        (NO, NO, NO, NO),
        (NO, UNKNOWN, NO, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_and_and_or_follow_the_strong_kleene_tables(one: Answer, other: Answer, both: Answer, either: Answer) -> None:
    for pair in ((one, other), (other, one)):
        assert all_of(pair) is both
        assert any_of(pair) is either


def test_the_empty_and_is_yes_and_the_empty_or_is_no() -> None:
    assert all_of([]) is YES
    assert any_of([]) is NO


def test_three_answers_combine_as_every_pair_of_them_does() -> None:
    for a, b, c in itertools.product(Answer, repeat=3):
        assert any_of([a, b, c]) is any_of([any_of([a, b]), c])
        assert all_of([a, b, c]) is all_of([a, all_of([b, c])])


def test_and_stops_at_the_first_no_and_or_at_the_first_yes() -> None:
    def one_then_failure(answer: Answer):
        yield answer
        raise AssertionError("asked for more than it needed")

    assert any_of(one_then_failure(YES)) is YES
    assert all_of(one_then_failure(NO)) is NO


@pytest.mark.parametrize("answer", list(Answer))
def test_an_answer_is_never_taken_for_a_truth_value(answer: Answer) -> None:
    with pytest.raises(TypeError, match="not a truth value"):
        bool(answer)


@pytest.mark.parametrize(("value", "answer"), [(True, YES), (False, NO), (None, UNKNOWN)])
def test_none_becomes_unknown(value: bool | None, answer: Answer) -> None:
    assert Answer.of(value) is answer
