"""How the stages of an agreement look on pages: the meaning of each, as its colour and mark."""

from requests_app.agreements.states import Stage

MEANING = {
    Stage.DRAFT: "",
    Stage.PROPOSED: "warn",
    Stage.COUNTERED: "warn",
    Stage.SIGNED: "info",
    Stage.IN_FORCE: "good",
    Stage.SUPERSEDED: "",
    Stage.ENDED: "",
    Stage.WITHDRAWN: "",
}
