"""The worked example of communication in domain.md: sent, a question, its answer, a chaser, solved."""

from metrics.facts.talk import Talk


def test_the_example_has_one_loop_and_one_chaser():
    talk = Talk()
    talk.hear("supplier", at_work=True)  # 09:40
    talk.hear("customer", at_work=True)  # 11:10
    talk.hear("customer", at_work=True)  # 15:10
    talk.rest()  # 16:10

    assert talk.counts() == {"supplier_messages": 1, "customer_messages": 2, "round_trips": 1, "chasers": 1}
