"""Joint attention: why a public signal is worth more than any number of private confirmations."""

from __future__ import annotations

from evocoop.core.errors import check_integer, check_number, check_probability


def stag_threshold(*, benefit: float, cost: float, hare: float) -> float:
    """Return ``p* = (c + h)/b``, the belief in the partner above which the stag is the better choice.

    >>> stag_threshold(benefit=4, cost=1, hare=1)
    0.5
    """
    benefit = check_number("benefit", benefit, minimum=0.0, exclusive=True)
    return (check_number("cost", cost, minimum=0.0) + check_number("hare", hare)) / benefit


def last_message_lost(loss: float) -> float:
    """Return ``e/(e + (1-e) e) = 1/(2-e)``, the belief that my last message, not its confirmation, was lost.

    The exchange of confirmations stopped: either my message was lost, or the answer to it. It always exceeds 1/2.

    Args:
        loss: e, the chance that a message is lost, in (0, 1].

    Source: Rubinstein 1989, Am Econ Rev 79:385.

    >>> last_message_lost(0.1) > 0.5
    True
    """
    return 1.0 / (2.0 - check_probability("loss", loss))


def signal_depth(*, loss: float, threshold: float, public: bool) -> int | None:
    """Return after how many confirmations two hunters go for the stag, or None when they never do.

    With a public, jointly attended signal they go at once whenever it arrives. With private messages, who has sent the
    first and heard nothing thinks it lost with probability ``1/(2-e)`` and stays; whoever expects a partner at one
    depth to stay must, at the next, believe the partner goes with at most ``1 - 1/(2-e)``, and stays as well when that
    is below p*.

    Args:
        loss: e, the chance that a message is lost.
        threshold: p*, the belief that hunting needs; see :func:`stag_threshold`.
        public: whether both attend to one signal, and know that they do.

    Source: Rubinstein 1989, Am Econ Rev 79:385; common p-belief, Monderer & Samet 1989, Games Econ Behav 1:170.

    >>> signal_depth(loss=0.01, threshold=0.6, public=False), signal_depth(loss=0.01, threshold=0.6, public=True)
    (None, 0)
    """
    loss = check_probability("loss", loss)
    threshold = check_probability("threshold", threshold)
    if public:
        return 0
    return 1 if loss == 0.0 or 1.0 - last_message_lost(loss) >= threshold else None


def common_belief(*, accuracy: float, people: int, joint: bool) -> float:
    """Return the probability that all of n people know of the prey: eta when they attend jointly, else eta^n.

    >>> common_belief(accuracy=0.5, people=3, joint=False), common_belief(accuracy=0.5, people=3, joint=True)
    (0.125, 0.5)
    """
    accuracy = check_probability("accuracy", accuracy)
    people = check_integer("people", people, minimum=1)
    return accuracy if joint else accuracy**people
