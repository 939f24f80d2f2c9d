"""What is done to the rows of an anonymous campaign when it closes, so that nobody can join answers with people.

SECURITY: while it is open, whoever reads the database itself could match the transaction that wrote an answer with the
one that marked an invitation. Afterwards all answers are new rows, of one transaction, in random order and under new
ids, and so are all marks. Backups and write-ahead logs from before keep the old rows until they expire.
"""

import random

from feedback.surveys.models import Campaign, SurveyAnswer

_dice = random.SystemRandom()


def deal_anew(campaign: Campaign) -> None:
    """Call in the transaction that closes it."""
    kept = list(campaign.answers.values_list("group_id", "values"))
    campaign.answers.all().delete()
    _dice.shuffle(kept)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(campaign=campaign, group_id=group, values=values) for group, values in kept
    )
    campaign.invitations.filter(answered=True).update(answered=True)
    campaign.invitations.filter(answered=False).update(answered=False)
