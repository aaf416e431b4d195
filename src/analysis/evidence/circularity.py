"""An outcome may not be explained by what its makers put into it, or by what is the same matter."""

from collections.abc import Collection, Mapping, Sequence

# What says the same once more, whichever of the two is the outcome. Who lives on a benefit has by
# law an income near the minimum, and pay is most of income. The own dwelling is counted in wealth,
# and for most owners it is most of it.
SAME_MATTER = (frozenset({"work", "income"}), frozenset({"wealth", "tenure"}))


class CircularityError(ValueError):
    """An explanation is among the ingredients of the outcome, or nobody said what it is made of."""


def circular_terms(
    outcome: str, terms: Sequence[str], made_of: Mapping[str, Collection[str]]
) -> dict[str, tuple[str, ...]]:
    """Return the explanations that share an ingredient with the outcome.

    Parameters
    ----------
    outcome : str
    terms : sequence of str
        Explanations.
    made_of : mapping of str to collection of str
        The ingredients ('age', 'origin', 'income' ...) of the outcome and of every explanation.

    Returns
    -------
    dict of str to tuple of str
        Explanation -> the ingredients it shares, sorted; empty when none does. The outcome itself
        among the explanations shares 'itself'.

    Raises
    ------
    CircularityError
        When of the outcome or an explanation it is not known what it is made of: what was not
        looked up is not thereby innocent.
    """
    unknown = [name for name in (outcome, *terms) if name not in made_of]
    if unknown:
        raise CircularityError(
            f"it is not known what {', '.join(unknown)} is made of; say so in made_of before "
            "fitting"
        )
    there = with_same_matter(made_of[outcome])
    shared = {term: there & set(made_of[term]) for term in terms}
    found = {term: tuple(sorted(names)) for term, names in shared.items() if names}
    return found | ({outcome: ("itself",)} if outcome in terms else {})


def refuse_circular(
    outcome: str, terms: Sequence[str], made_of: Mapping[str, Collection[str]]
) -> None:
    """Refuse an outcome with explanations that are among its own ingredients.

    Raises
    ------
    CircularityError
        One sentence that names the explanations and the ingredients, also where it is not known
        what something is made of.
    """
    found = circular_terms(outcome, terms, made_of)
    if found:
        told = "; ".join(f"{term} ({', '.join(names)})" for term, names in found.items())
        raise CircularityError(
            f"{outcome} is itself made of what should explain it: {told}; its makers put this "
            "relation in, so leave these explanations out"
        )


def with_same_matter(names: Collection[str]) -> set[str]:
    """Return ingredients with those that would say one of them once more (`SAME_MATTER`)."""
    return set(names).union(*(matter for matter in SAME_MATTER if matter & set(names)))
