"""How answers are drawn beside their table."""

import pytest

from feedback.surveys.figures import Figure, Share
from tests.factories.surveys import answer_all, closed, crowd, opened


@pytest.mark.parametrize(
    ("counts", "thirds"), [((1, 2, 3, 4, 5), (3, 3, 9)), ((1, 1, 1, 5, 2, 2, 2), (3, 5, 6)), ((), (0, 0, 0))], ids=str
)
def test_scores_are_drawn_below_in_and_above_the_middle(counts, thirds):
    figure = Figure(sum(counts), None, tuple(Share("", count, 0) for count in counts))
    assert figure.thirds == thirds
    assert figure.parts == [("other", thirds[0]), ("mute", thirds[1]), ("us", thirds[2])]


@pytest.mark.django_db
def test_results_stand_as_bars_beside_their_numbers(company, as_browser):
    crowd(company.sales, 6)
    campaign = opened(company)
    answer_all(campaign, [{"q1": score, "q2": "a"} for score in (1, 2, 3, 4, 5, 5)])
    closed(company, campaign)
    page = as_browser(company.supplier_head).get(f"/feedback/surveys/campaigns/{campaign.pk}/results/").content.decode()
    assert ('aria-label="2 low, 1 in the middle, 3 high"' in page, 'aria-label="This"' in page) == (True, True)
